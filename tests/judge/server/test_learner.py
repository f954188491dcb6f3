"""The fixture `learner`: the results of its calls, and the messages when they break the contract."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from judging import HASTY, exercise_of, session

from grader.content.exercise import ExerciseWithoutTensorFlow
from grader.judge.report import Outcome
from grader.judge.server.asserts import Mismatch, short
from grader.judge.server.learner import CallFailed, Learner, LearnerError
from grader.judge.server.session import Session

EXERCISE = exercise_of(
    {
        "echo(value)": {"value": "any"},
        "array(how)": {"X": "array"},
        "number(how)": {"mse": "float"},
        "whole(how)": {"n": "int"},
        "flag(how)": {"is_small": "bool"},
        "shape(how)": {"shape": "tuple"},
        "two(how)": {"X": "array", "y": "float"},
        "model(how)": {"model": "model"},
        "figure()": {"figure": "figure"},
        "fail(how)": {"x": "any"},
        "change(a, b, c=None)": {"x": "any"},
        "use(f, x)": {"x": "any"},
        "say(text)": {"x": "any"},
        "warn(how)": {"x": "any"},
    }
)
SOURCE = """
import numpy as np
from collections import namedtuple

class Own: pass
class OwnError(ValueError): pass
Pair = namedtuple("Pair", "X y")
forged = type("SECRET", (), {"__module__": "builtins"})

def echo(value): return value
def array(how):
    return {"array": np.ones(3), "list": [1.0], "none": None, "strided": np.arange(9.0)[::2], "float": 1.0,
            "sub": np.ones((2, 2)).view(np.matrix), "masked": np.ma.ones(2), "object": np.array([{}]),
            "own": Own(), "forged": forged(), "function": len, "set": {1},
            "frozen": np.broadcast_to(1.0, 3)}[how]
def number(how):
    return {"float": 1.5, "np": np.float32(1.5), "array": np.array(1.5), "long": np.ones(12345), "int": 1,
            "bool": True, "nan": float("nan")}[how]
def whole(how): return {"int": 3, "np": np.int64(3), "bool": True, "float": 3.0}[how]
def flag(how): return {"bool": True, "np": np.bool_(True), "int": 1, "array": np.array([True])}[how]
def shape(how):
    return {"tuple": (None, 3), "list": [None, 3], "named": Pair(None, 3), "int": 3, "none": None}[how]
def two(how):
    X, y = np.ones(2), 0.5
    return {"tuple": (X, y), "list": [X, y], "named": Pair(X, y), "one": X, "three": (X, y, y), "none": None,
            "swapped": (y, X), "swapped list": [y, X], "items": ["a", "b"], "many": (X,) * 4321}[how]
def model(how): return {"none": None, "function": len, "dict": {}}[how]
def figure():
    import matplotlib.pyplot as plt
    figure, (left, right) = plt.subplots(1, 2)
    left.plot([1, 2], [3, 4], label="first"); left.plot([0, 1], [0, 1]); left.set_title("T")
    right.plot(np.array([[1.0], [2.0]])[:, 0], label="second")
    figure.legend()
    return figure
def fail(how):
    if how == "own": raise OwnError("the data is 42")
    if how == "blank": raise NotImplementedError
    if how == "exit": raise SystemExit(3)
    if how == "deep": return fail(how)
    if how == "memory": raise MemoryError
    if how == "loop":
        value = []; value.append(value); return value
    if how == "surrogate": return "\\ud800"
    if how == "surrogate error": raise ValueError("\\ud800")
    if how == "big": return "x" * 65_000_000
    if how == "base":
        class Base(BaseException): pass
        raise Base("x")
    raise {"value": ValueError, "type": TypeError, "input": EOFError}[how]("the data is 42")
def change(a, b, c=None):
    a[0] = 99
    if c is not None: c.sort()
    return np.asarray(b)
def use(f, x):
    if x == "catch":
        try: return f(1)
        except Exception as error: return type(error).__name__ + ": " + str(error)
    if x == "bad": return f(object(), [1], key={1: 2})
    return f(x)
def say(text): print(text); return 1
def warn(how):
    import warnings
    if how == "overflow": return np.exp(np.array([1000.0]))
    if how == "hidden":
        with np.errstate(over="ignore"): return np.exp(np.array([1000.0]))
    if how == "own": warnings.warn("mine")
    if how == "caught":
        with warnings.catch_warnings(): warnings.simplefilter("ignore"); return np.exp(1000.0)
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Session]:
    with session(SOURCE, EXERCISE) as started:
        yield started


@pytest.fixture
def hidden(worker: Session) -> Learner:
    return Learner(worker, EXERCISE, visible=False)


@pytest.fixture
def visible(worker: Session) -> Learner:
    return Learner(worker, EXERCISE, visible=True)


# --- values ---


@pytest.mark.parametrize("value", [None, True, 3, 2.5, "x", [1, [2]], (1, "a"), {"a": {1: 2.0}}, 2**100])
def test_plain_values_go_there_and_back(hidden: Learner, value: Any) -> None:
    assert hidden.echo(value) == value


@pytest.mark.parametrize("how", ["array", "strided", "frozen"])
def test_every_array_is_an_array(hidden: Learner, how: str) -> None:
    assert type(hidden.array(how)) is np.ndarray


@pytest.mark.parametrize("how", ["float", "np"])
def test_python_s_and_numpy_s_floats_are_floats(hidden: Learner, how: str) -> None:
    assert hidden.number(how) == 1.5


def test_nan_is_a_float(hidden: Learner) -> None:
    assert math.isnan(hidden.number("nan"))


@pytest.mark.parametrize("how", ["int", "np"])
def test_python_s_and_numpy_s_ints_are_ints(hidden: Learner, how: str) -> None:
    assert hidden.whole(how) == 3


@pytest.mark.parametrize("how", ["bool", "np"])
def test_python_s_and_numpy_s_bools_are_bools(hidden: Learner, how: str) -> None:
    assert hidden.flag(how) == True  # noqa: E712  (an int would be equal, too, but is refused below)


@pytest.mark.parametrize("how", ["tuple", "list", "named"])
def test_a_list_is_as_good_as_a_tuple(hidden: Learner, how: str) -> None:
    assert hidden.shape(how) == (None, 3)


@pytest.mark.parametrize("how", ["tuple", "list", "named"])
def test_a_tuple_may_be_a_list_or_a_named_tuple(hidden: Learner, how: str) -> None:
    X, y = hidden.two(how)
    assert X.shape == (2,) and y == 0.5


def test_a_figure_comes_as_data(hidden: Learner) -> None:
    left, right = hidden.figure().axes
    assert left.title == "T" and [line.label for line in left.lines] == ["first", ""]
    assert left.lines[0].x.tolist() == [1, 2] and left.lines[0].y.tolist() == [3, 4]
    assert left.legend == right.legend == ("first", "second")


# --- values that break the contract ---


@pytest.mark.parametrize(
    ("function", "how", "says"),
    [
        ("array", "list", "array should return a numpy array, but it returned a list."),
        ("array", "none", "array should return a numpy array, but it returned None. Is a `return` missing?"),
        ("array", "float", "array should return a numpy array, but it returned a value of type float."),
        ("array", "set", "array should return a numpy array, but it returned a value of type set."),
        (
            "array",
            "object",
            "array should return a numpy array, but it returned an array of dtype object.",
        ),
        ("number", "int", "number should return a float, but it returned a value of type int."),
        ("number", "bool", "number should return a float, but it returned a value of type bool."),
        ("whole", "bool", "whole should return an int, but it returned a value of type bool."),
        ("whole", "float", "whole should return an int, but it returned a value of type float."),
        ("flag", "int", "flag should return a bool, but it returned a value of type int."),
        ("flag", "array", "flag should return a bool, but it returned a numpy array."),
        ("shape", "int", "shape should return a tuple, but it returned a value of type int."),
        ("shape", "none", "shape should return a tuple, but it returned None. Is a `return` missing?"),
        ("two", "none", "two should return 2 values (X, y), but it returned None. Is a `return` missing?"),
        ("two", "items", "two should return 2 values (X, y), but it returned a list."),
        ("two", "swapped list", "X should be a numpy array, but two returned a value of type float."),
        ("two", "swapped", "X should be a numpy array, but two returned a value of type float."),
        ("model", "none", "model should return a Keras model, but it returned None. Is a `return` missing?"),
        ("model", "dict", "model should return a Keras model, but it returned a value of type dict."),
    ],
)
def test_a_broken_promise_is_said_in_one_sentence(
    hidden: Learner, function: str, how: str, says: str
) -> None:
    with pytest.raises(Mismatch) as caught:
        getattr(hidden, function)(how)
    assert caught.value.message == says


@pytest.mark.parametrize("how", ["sub", "masked", "own", "function"])
def test_only_exact_arrays_are_arrays(hidden: Learner, how: str) -> None:
    with pytest.raises(Mismatch):
        hidden.array(how)


@pytest.mark.parametrize(
    ("function", "how", "told"),
    [
        ("number", "long", "(12345,)"),
        ("two", "many", "4321"),
        ("array", "own", "Own"),
        ("array", "forged", "SECRET"),
    ],
)
def test_what_the_learner_s_code_could_choose_is_told_in_visible_tests_only(
    visible: Learner, hidden: Learner, function: str, how: str, told: str
) -> None:
    with pytest.raises(Mismatch) as seen:
        getattr(visible, function)(how)
    assert told in seen.value.message
    with pytest.raises(Mismatch) as unseen:
        getattr(hidden, function)(how)
    assert told not in unseen.value.message


@pytest.mark.parametrize("how", ["loop", "surrogate", "big"])
def test_a_result_that_cannot_be_sent_is_not_an_error_of_the_learner_s(hidden: Learner, how: str) -> None:
    result = hidden.fail(how)
    assert result.reason == "unsendable"
    with pytest.raises(Mismatch, match="did not"), hidden.raises(ValueError):
        hidden.fail(how)
    assert hidden.echo(1) == 1


# --- errors ---


def failure(learner: Learner, how: str) -> LearnerError:
    with pytest.raises(LearnerError) as caught:
        learner.fail(how)
    return caught.value


def test_a_visible_test_shows_an_error_s_class_text_and_line(visible: Learner) -> None:
    assert failure(visible, "own").message.startswith("fail raised OwnError: the data is 42 (line ")


def test_a_hidden_test_shows_only_which_of_a_few_kinds_an_error_is(hidden: Learner) -> None:
    assert failure(hidden, "own").message == "fail raised ValueError."
    assert failure(hidden, "base").message == "fail raised an error."
    hidden.brief_errors = True
    assert failure(hidden, "own").message == "fail raised an error."
    with pytest.raises(Mismatch, match="it raised another error"), hidden.raises(KeyError):
        hidden.fail("own")


def test_a_hidden_test_names_the_line_of_an_error_that_a_visible_test_has_shown(
    worker: Session, visible: Learner
) -> None:
    seen = failure(visible, "own")
    visible.show(seen)
    again = Learner(worker, EXERCISE, visible=False)
    line = re.search(r"\(line \d+ of my\.py\)", seen.message)
    assert line is not None
    assert failure(again, "own").message == f"fail raised ValueError {line[0]}."
    assert failure(again, "type").message == "fail raised TypeError."
    worker.shown_errors.clear()


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("value", Outcome.ERROR),
        ("exit", Outcome.ERROR),
        ("deep", Outcome.ERROR),
        ("base", Outcome.ERROR),
        ("surrogate error", Outcome.ERROR),
        ("blank", Outcome.NOT_RUN),
        ("memory", Outcome.OUT_OF_MEMORY),
    ],
)
def test_errors_have_their_outcomes_and_the_worker_goes_on(
    hidden: Learner, how: str, outcome: Outcome
) -> None:
    assert failure(hidden, how).outcome is outcome
    assert hidden.echo(1) == 1


def test_input_has_nobody_to_ask(visible: Learner) -> None:
    assert "input() cannot be used here" in failure(visible, "input").message


def test_raises_takes_the_promised_error_and_its_subclasses(hidden: Learner) -> None:
    with hidden.raises(ValueError):
        hidden.fail("own")
    with hidden.raises(Exception):
        hidden.fail("type")


def test_raises_says_what_came_instead(hidden: Learner) -> None:
    other = "fail should raise ValueError here, but it raised TypeError"
    with pytest.raises(Mismatch, match=other), hidden.raises(ValueError):
        hidden.fail("type")
    with (
        pytest.raises(Mismatch, match="echo should raise ValueError here, but it did not"),
        hidden.raises(ValueError),
    ):
        hidden.echo(1)


# --- arguments ---


def test_changed_arguments_are_named(visible: Learner) -> None:
    mine = np.zeros(3)
    visible.change(mine, [1], c=[2, 1])
    with pytest.raises(Mismatch, match=r"change modified its arguments a and c\. Work on copies"):
        visible.assert_unchanged()
    assert mine[0] == 0


def test_a_hidden_test_names_a_changed_argument_only_if_it_is_the_only_one(hidden: Learner) -> None:
    hidden.change(np.zeros(3), [1], c=[2, 1])
    with pytest.raises(Mismatch, match=r"^change modified its arguments\. Work on copies"):
        hidden.assert_unchanged()
    hidden.change(np.zeros(3), [1])
    with pytest.raises(Mismatch, match=r"change modified its argument a\."):
        hidden.assert_unchanged()


def test_untouched_arguments_are_not_complained_about(hidden: Learner) -> None:
    hidden.change(np.zeros(3), [1])
    with pytest.raises(Mismatch):
        hidden.assert_unchanged()
    hidden.echo(np.array([np.nan, 1.0]))
    hidden.assert_unchanged()


def test_an_overflow_is_noted_at_every_call(visible: Learner) -> None:
    for _ in range(2):  # Python shows a warning of one line only once
        visible.warn("overflow")
        with pytest.raises(Mismatch, match="warn shows a RuntimeWarning"):
            visible.assert_no_warning()
    assert "overflow encountered in exp" in visible.printed


@pytest.mark.parametrize("how", ["hidden", "own", "caught", "none"])
def test_other_warnings_do_not_count(hidden: Learner, how: str) -> None:
    hidden.warn("overflow")
    hidden.warn(how)
    hidden.assert_no_warning()


def test_a_callable_runs_in_the_judge(hidden: Learner) -> None:
    seen: list[Any] = []

    def predict(x: Any) -> np.ndarray:
        seen.append(x)
        return np.array([[x * 2.0]])

    assert hidden.use(predict, 4) == np.array([[8.0]]) and seen == [4]
    hidden.assert_unchanged()


def test_a_callable_s_error_reaches_the_learner_s_code(hidden: Learner) -> None:
    def refuse(x: Any) -> None:
        raise TypeError("not like that")

    assert hidden.use(refuse, "catch") == "TypeError: not like that"


def test_a_callable_s_assertion_fails_the_test_even_if_the_learner_catches_it(hidden: Learner) -> None:
    def complain(x: Any) -> None:
        assert x == 2, "predict should see 2"

    with pytest.raises(AssertionError, match="predict should see 2"):
        hidden.use(complain, "catch")


def test_a_callable_may_be_given_anything(hidden: Learner) -> None:
    seen: list[Any] = []

    def predict(*args: Any, **kwargs: Any) -> int:
        seen.extend((args, kwargs))
        return 1

    hidden.use(predict, "bad")
    assert seen[0][0].type == "object" and seen[1] == {"key": {1: 2}}


# --- what learners see ---


def test_a_visible_test_keeps_the_call_and_what_was_printed(visible: Learner) -> None:
    visible.say("hello")
    assert visible.call == "say('hello')" and visible.printed == "hello\n"


def test_a_hidden_test_keeps_no_argument(hidden: Learner) -> None:
    hidden.say("hello")
    assert hidden.call == "say"


def test_only_the_exercise_s_functions_can_be_called(hidden: Learner) -> None:
    with pytest.raises(AttributeError):
        hidden.system("ls")


def test_a_call_that_never_ends_is_stopped_and_says_so(hidden: Learner) -> None:
    source = "def echo(value):\n    while True: pass"
    with session(source, EXERCISE, HASTY) as slow, pytest.raises(CallFailed) as caught:
        Learner(slow, EXERCISE, visible=True).echo(3)
    assert caught.value.outcome is Outcome.TIMED_OUT
    assert caught.value.message == "echo(3) did not return within 1 s. Look for a loop that never ends."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ((np.zeros((5, 4)), 2), "(array of shape (5, 4), 2)"),
        ([np.zeros(1)], "[array([0.])]"),
        ({"X": np.zeros((5, 4))}, "{'X': array of shape (5, 4)}"),
        ((1, "a"), "(1, 'a')"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_values_are_shown_on_one_line(value: Any, shown: str) -> None:
    assert short(value) == shown


# --- parameters with other names ---

RENAMED = exercise_of({"f(a, b=1)": {"x": "any"}, "free(a, b=1)": {"x": "any"}})
OTHER_NAMES = """
def f(first, second=1): return [first, second]
def free(*given, **named): return [list(given), named]
"""


def test_calls_by_position_accept_other_names_and_calls_by_keyword_say_so() -> None:
    with session(OTHER_NAMES, RENAMED) as running:
        running.load()
        learner = Learner(running, RENAMED, visible=False)
        assert learner.f(1, 2) == [1, 2] and learner.f(3) == [3, 1]
        with pytest.raises(CallFailed) as caught:
            learner.f(1, b=2)
        assert caught.value.outcome is Outcome.FAILED
        assert caught.value.message == (
            "f should take (a, b), but yours has second instead of b. "
            "This test passes that argument by its name."
        )
        assert learner.free(1, b=2) == [[1], {"b": 2}]


def test_a_learner_may_not_be_blamed_for_a_keyword_in_a_block_that_expects_an_error() -> None:
    with session(OTHER_NAMES, RENAMED) as running:
        running.load()
        learner = Learner(running, RENAMED, visible=False)
        with pytest.raises(CallFailed, match="by its name"), learner.raises(TypeError):
            learner.f(1, b=2)


# --- libraries that are not there ---

IMPORTS = """
import pandas_not_here as pd
def f(a, b=1): return pd.DataFrame(a)
def free(a, b=1):
    import another_one
"""


@pytest.mark.parametrize("visible", [True, False])
def test_a_missing_library_is_named_where_it_is_used(visible: bool) -> None:
    with session(IMPORTS, RENAMED) as running:
        running.load()
        learner = Learner(running, RENAMED, visible=visible)
        with pytest.raises(LearnerError) as caught:
            learner.f(1)
        assert "pandas_not_here is not available here: use only numpy" in caught.value.message
        with pytest.raises(LearnerError) as caught:
            learner.free(1)
        assert "another_one is not available here" in caught.value.message


@pytest.mark.parametrize("visible", [True, False])
def test_in_a_course_without_tensorflow_it_is_a_missing_library_like_any_other(visible: bool) -> None:
    exercise = ExerciseWithoutTensorFlow(**msgspec.structs.asdict(RENAMED))
    source = "def f(a, b=1):\n    import keras_not_here\n"
    with session(source, exercise) as running:
        running.load()
        with pytest.raises(LearnerError) as caught:
            Learner(running, exercise, visible=visible).f(1)
        assert caught.value.message.endswith(
            "keras_not_here is not available here: use only numpy and matplotlib."
        )
