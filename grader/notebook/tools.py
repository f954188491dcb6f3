"""The tools of visible tests, in plain Python with numpy: the text of a cell in every exercise notebook.

So this file imports nothing from this package, and refers to itself only by name.
Its messages are those of the judge, which is stricter and alone decides on scores.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,var-annotated"

# --- from here on, this is the cell ---
import numpy as np


class CourseTools:
    """Tools for the visible tests. Do not change them; your functions do not need them."""

    returns = {}  # function -> the kind of each returned value

    class Mismatch(AssertionError):
        """A wrong result; `value` is the wrong value itself."""

        def __init__(self, message, details="", value=None):
            super().__init__(f"{message}: {details}" if details else message)
            self.value = value

    class StandIn:
        """An object that tests pass to your function in place of a model."""

        def __init__(self, name):
            self._name = name

        def __str__(self):
            return self._name

        def __repr__(self):
            return self._name

    class Learner:
        """Calls your functions by name, in their current definition."""

        def __init__(self):
            self.call = ""
            self._name = ""
            self._changed = []
            self.returned = ""  # the last result, as messages show it
            self._calls = []  # [call, result] of each; the result is None until there is one
            self._is_about_last = False  # True if a failure is about the last call

        def __getattr__(self, name):
            if name not in CourseTools.returns:
                raise AttributeError(f"the exercise has no function {name!r}")
            if not callable(globals().get(name)):
                raise CourseTools.Mismatch(f"{name} is not defined: run its cell first")

            def call(*args, **kwargs):
                self._name, self.returned = name, ""
                shown = [CourseTools.shown(value) for value in args]
                shown += [f"{key}={CourseTools.shown(value)}" for key, value in kwargs.items()]
                self.call, self._is_about_last = f"{name}({', '.join(shown)})", True
                self._calls.append([self.call, None])
                given = [CourseTools.copied(value) for value in args]
                named = {key: CourseTools.copied(value) for key, value in kwargs.items()}
                try:
                    value = globals()[name](*given, **named)
                finally:
                    pairs = [*zip(args, given, strict=True), *((kwargs[key], named[key]) for key in named)]
                    self._changed = [n for n, pair in enumerate(pairs) if not CourseTools.same(*pair)]
                result = self._calls[-1][1] = CourseTools.checked(name, value)
                self._is_about_last = False
                if not {"model", "figure"} & {*CourseTools.returns[name].values()}:
                    self.returned = CourseTools.shown(result)
                return result

            return call

        def raises(self, promised, when="here"):
            return CourseTools.Raises(self, promised, when)

        def assert_unchanged(self):
            if self._changed:
                self._is_about_last = True
                raise CourseTools.Mismatch(f"{self._name} modified its arguments; work on copies")

        def _shown_call(self, value):
            """Return the line that shows the call from which a wrong value came, or else the last one."""
            count = len(self._calls)
            found = [n for n, (_, result) in enumerate(self._calls, 1) if CourseTools.holds(result, value)]
            if self._is_about_last or count == 1 or found == [count]:
                return f"in {self.call}"
            if len(found) == 1:
                return f"in call {found[0]} of {count}: {self._calls[found[0] - 1][0]}"
            return f"last of {count} calls: {self.call}"

        def plot(self, title, lines, xlabel="", ylabel=""):
            """Do nothing: `%%check` draws."""

    class Raises:
        """The calls inside must raise this error."""

        def __init__(self, learner, promised, when):
            self.learner, self.promised, self.when = learner, promised, when

        def __enter__(self):
            return self

        def __exit__(self, kind, error, traceback):
            if kind is not None and issubclass(kind, self.promised):
                return True
            own = (AssertionError, NotImplementedError, KeyboardInterrupt)
            if kind is None or not issubclass(kind, own):
                self.learner._is_about_last = True
                expected = f"should raise {self.promised.__name__} {self.when}"
                got = "it raised no error" if kind is None else f"it raised {kind.__name__}"
                raise CourseTools.Mismatch(f"{self.learner._name} {expected}, but {got}") from None
            return False

    class Drawing:
        """A figure, axes or line, as the tests read them."""

        def __init__(self, **parts):
            self.__dict__.update(parts)

    class Shown:
        """Shows stderr as ordinary output, because nbgrader takes text on stderr for a failure."""

        def __enter__(self):
            import os
            import sys

            self.stderr, sys.stderr = sys.stderr, sys.stdout
            try:
                self.copy = os.dup(2)
            except OSError:  # there is no stderr
                self.copy = -1
            else:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 2)  # for libraries that write to it directly
                os.close(nowhere)

        def __exit__(self, *_):
            import os
            import sys

            sys.stderr = self.stderr
            if self.copy >= 0:
                os.dup2(self.copy, 2)
                os.close(self.copy)

    @staticmethod
    def free(method):
        return method

    @staticmethod
    def Generator(seed):
        return np.random.default_rng(seed)

    @staticmethod
    def assert_shape(array, shape, message):
        if array.shape != shape:
            raise CourseTools.Mismatch(message, f"the shape is {array.shape}, expected {shape}", array)

    @staticmethod
    def assert_array_equal(got, expected, message):
        CourseTools.compare(got, expected, message, rtol=0.0, atol=0.0)

    @staticmethod
    def assert_allclose(got, expected, message, rtol=1e-6, atol=0.0):
        CourseTools.compare(got, expected, message, rtol, atol)

    @staticmethod
    def assert_same_table(got, expected, message, rtol=1e-6, atol=0.0):
        from pandas import testing

        loose = ("check_dtype", "check_index_type", "check_names", "check_categorical", "check_freq")
        options = {**dict.fromkeys(loose, False), "rtol": rtol, "atol": atol}
        try:
            if expected.ndim == 1:
                testing.assert_series_equal(got, expected, **options)
            else:
                testing.assert_frame_equal(got, expected, check_column_type=False, **options)
        except AssertionError as error:
            raise CourseTools.Mismatch(message, str(error), got) from None

    @staticmethod
    def compare(got, expected, message, rtol, atol):
        ours, theirs = np.asarray(expected), np.asarray(got)
        if theirs.dtype.kind not in "biuf":
            wrong = f"got {CourseTools.shown(got)}, expected {CourseTools.shown(expected)}"
            raise CourseTools.Mismatch(message, wrong, got)
        if theirs.shape != ours.shape:
            shapes = f"the shape is {theirs.shape}, expected {ours.shape}"
            raise CourseTools.Mismatch(message, shapes, got)
        same = (theirs == ours) | np.isclose(theirs, ours, rtol=rtol, atol=atol, equal_nan=True)
        if same.all():
            return
        place = tuple(int(n) for n in np.argwhere(~same)[0])
        came, right = CourseTools.plain(theirs[place].item()), CourseTools.plain(ours[place].item())
        if not place:
            raise CourseTools.Mismatch(message, f"got {came}, expected {right}", got)
        where = f"first difference at position {[*place]}: {came} came back, expected {right}"
        whole = f"\n    got {CourseTools.shown(theirs)}" if theirs.size > 1 else ""
        raise CourseTools.Mismatch(message, where + whole, got)

    @staticmethod
    def holds(result, value):
        """Return True if a value is a result, a part of it or a view of it."""
        if isinstance(result, np.ndarray) and isinstance(value, np.ndarray):
            return np.may_share_memory(result, value)
        if result is value and not isinstance(value, (int, bool, str, bytes, type(None))):
            return True
        parts = [*result.values()] if isinstance(result, dict) else result
        return isinstance(parts, (tuple, list)) and any(CourseTools.holds(part, value) for part in parts)

    @staticmethod
    def shown(value):
        """Return a value on one line. Of a long array, list or dictionary, a few items are shown."""
        if isinstance(value, np.ndarray):
            if value.ndim > 1 and value.size > 9:
                return f"array of shape {value.shape}"
            with np.printoptions(threshold=9, edgeitems=3, precision=4, suppress=True, linewidth=200):
                body = " ".join(str(value).split())
            return f"array of shape {value.shape} {body}" if value.size > 1 else f"array({body})"
        text = CourseTools.plain(value)
        return text if len(text) <= 200 else f"{text[:199]}…"

    @staticmethod
    def plain(value):
        """Return the repr of a value that is not an array, shortened."""
        more = ["…"] if type(value) in (list, tuple, dict) and len(value) > 6 else []
        if type(value) in (list, tuple):
            inner = ", ".join([*map(CourseTools.shown, value[:6]), *more])
            return f"[{inner}]" if type(value) is list else f"({inner},)" if len(value) == 1 else f"({inner})"
        if type(value) is dict:
            pairs = [*value.items()][:6]
            items = [f"{CourseTools.shown(key)}: {CourseTools.shown(item)}" for key, item in pairs]
            return f"{{{', '.join([*items, *more])}}}"
        if type(value) is str and len(value) > 80:
            return f"{value[:79]!r}…"
        if CourseTools.is_table(value, "DataFrame", "Series"):
            return f"{type(value).__name__} with {len(value)} rows"
        if callable(value):
            return getattr(value, "__name__", "a function")
        return f"{value:.6g}" if isinstance(value, float) else repr(value)

    @staticmethod
    def copied(value):
        """Return copies of arrays and containers, so that functions cannot change the tests' own values."""
        if isinstance(value, np.ndarray) or CourseTools.is_table(value, "DataFrame", "Series"):
            return value.copy()
        if type(value) is set:
            return set(value)
        if type(value) in (list, tuple):
            return type(value)(CourseTools.copied(item) for item in value)
        if type(value) is dict:
            return {key: CourseTools.copied(item) for key, item in value.items()}
        return value

    @staticmethod
    def same(one, other):
        """Return True if an argument is unchanged."""
        if isinstance(one, np.ndarray):
            return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        if CourseTools.is_table(one, "DataFrame", "Series"):
            return one.equals(other)
        if type(one) is set:
            return one == other
        if type(one) in (list, tuple):
            return len(one) == len(other) and all(map(CourseTools.same, one, other))
        if type(one) is dict:
            return one.keys() == other.keys() and all(CourseTools.same(one[key], other[key]) for key in one)
        return one is other

    @staticmethod
    def checked(name, value):
        """Return the result of a function if it has the right kinds; figures as their data."""
        promised = CourseTools.returns[name]
        if len(promised) == 1:
            return CourseTools.of_kind(name, "", next(iter(promised.values())), value)
        if type(value) not in (tuple, list) or len(value) != len(promised):
            got = f"{len(value)} values" if type(value) in (tuple, list) else f"a {type(value).__name__}"
            raise CourseTools.Mismatch(f"{name} should return ({', '.join(promised)}), but returned {got}")
        return tuple(
            CourseTools.of_kind(name, part, kind, one)
            for (part, kind), one in zip(promised.items(), value, strict=True)
        )

    @staticmethod
    def of_kind(name, part, kind, value):
        if type(value).__module__.startswith("tensorflow.") and hasattr(value, "numpy"):
            value = value.numpy()
        right, words = {
            "array": (isinstance(value, np.ndarray), "a numpy array"),
            "float": (isinstance(value, (float, np.floating)), "a float"),
            "int": (isinstance(value, (int, np.integer)) and not isinstance(value, bool), "an int"),
            "bool": (isinstance(value, (bool, np.bool_)), "a bool"),
            "string": (isinstance(value, str), "a string"),
            "list": (isinstance(value, list), "a list"),
            "tuple": (isinstance(value, (tuple, list)), "a tuple"),
            "set": (isinstance(value, (set, frozenset)), "a set"),
            "DataFrame": (CourseTools.is_table(value, "DataFrame"), "a pandas DataFrame"),
            "Series": (CourseTools.is_table(value, "Series"), "a pandas Series"),
            "dict": (isinstance(value, dict), "a dictionary"),
            "model": (hasattr(value, "count_params") and hasattr(value, "predict"), "a Keras model"),
            "figure": (hasattr(value, "savefig") and hasattr(value, "axes"), "a matplotlib figure"),
        }.get(kind, (True, ""))
        if not right:
            got = "None. Is a `return` missing?" if value is None else f"a {type(value).__name__}"
            wanted = f"return {words} as {part}" if part else f"return {words}"
            raise CourseTools.Mismatch(f"{name} should {wanted}, but it returned {got}")
        if kind == "tuple":
            return tuple(value)
        return CourseTools.drawing(value) if kind == "figure" else value

    @staticmethod
    def is_table(value, *kinds):
        return any(
            each.__name__ in kinds and each.__module__.partition(".")[0] == "pandas"
            for each in type(value).__mro__
        )

    @staticmethod
    def drawing(figure):
        def lines(axes):
            for line in axes.get_lines():
                x, y = (np.asarray(data, dtype=float) for data in line.get_data(orig=False))
                label = str(line.get_label())
                yield CourseTools.Drawing(label="" if label.startswith("_") else label, x=x, y=y)

        def read(axes):
            legend = axes.get_legend() or next(iter(figure.legends), None)
            return CourseTools.Drawing(
                title=axes.get_title(),
                xlabel=axes.get_xlabel(),
                ylabel=axes.get_ylabel(),
                legend=None if legend is None else tuple(text.get_text() for text in legend.get_texts()),
                lines=tuple(lines(axes)),
            )

        return CourseTools.Drawing(title=figure.get_suptitle(), axes=tuple(map(read, figure.axes)))

    @staticmethod
    def cases(test, *parameters):
        """Return one test per combination of values."""
        rows = [{}]
        for names, values in parameters:
            values = [tuple(each) for each in values]
            rows = [{**row, **dict(zip(names, each, strict=True))} for row in rows for each in values]

        def case(given):
            def one(learner, rng):
                known = {"learner": learner, "rng": rng, **given}
                test(**{name: known[name] for name in test.__code__.co_varnames[: test.__code__.co_argcount]})

            one.__doc__ = test.__doc__
            return one

        return [case(row) for row in rows]

    @staticmethod
    def outcome(test):
        """Return the reason why a test fails; empty if it passes."""
        learner = CourseTools.Learner()
        wanted = test.__code__.co_varnames[: test.__code__.co_argcount]
        fixtures = {"learner": learner, "rng": np.random.default_rng(0)}
        try:
            test(*(fixtures[name] for name in wanted))
        except NotImplementedError:
            return f"{learner._name} is still blank: write its body."
        except AssertionError as error:
            message, value = str(error) or "the result is wrong", getattr(error, "value", None)
            # a plain assertion says nothing about what came back
            if not isinstance(error, CourseTools.Mismatch) and learner.returned not in message:
                message += f"\n    returned {learner.returned}"
        except Exception as error:
            message, value = f"{type(error).__name__}: {error}", None
        else:
            return ""
        return message + (f"\n    {learner._shown_call(value)}" if learner.call else "")

    @staticmethod
    def run(name, tests):
        """Run the visible tests of a function and show the outcome."""
        titles = {test: test.__doc__.strip().partition("\n")[0] for test in tests}
        with CourseTools.Shown():
            wrong = {test: reason for test in tests if (reason := CourseTools.outcome(test))}
        head = f"{name}: {len(tests) - len(wrong)} of {len(tests)} visible tests passed"
        if wrong:
            reasons = "".join(f"\n  {titles[test]}\n    {reason}" for test, reason in wrong.items())
            raise AssertionError(head + reasons) from None
        print(head)
