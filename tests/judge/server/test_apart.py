"""Functions are judged apart: a right one that calls a wrong one gets its points."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable, Iterator

import msgspec
import pytest
from judging import write_exercise

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.jobs import LIMITS, Limits
from grader.judge.report import Outcome, Report
from grader.judge.server.apart import MAX_ASKED
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell, SourceFile

SECRET = "canary-71e"
FUNCTIONS = {
    "cut(x, n)": {"parts": "array"},
    "means(x, n)": {"m": "array"},
    "spread(x, n)": {"s": "float"},
    "draw(x, n)": {"f": "figure"},
}
SOLUTION = f'''
    """{SECRET}"""
    import numpy as np
    def cut(x, n):
        if n < 1:
            raise ValueError("{SECRET} {{n}}")
        return np.stack([x[i : i + n] for i in range(0, len(x) - n + 1, n)])
    def means(x, n): return cut(x, n).mean(axis=1)
    def spread(x, n): return float(np.ptp(means(x, n)))
    def draw(x, n):
        import matplotlib.pyplot as plt
        return plt.figure()
'''
VISIBLE = '''
    @pytest.mark.points(1, function="cut")
    def test_cut(learner):
        """Parts of two."""
        assert_array_equal(learner.cut(np.arange(4.0), 2), [[0, 1], [2, 3]], "They are not the parts")

    @pytest.mark.points(0.5, function="means")
    def test_means(learner):
        """Means of two."""
        assert_allclose(learner.means(np.arange(4.0), 2), [0.5, 2.5], "They are not the means")
'''
HIDDEN = '''
    @pytest.mark.points(1, function="means")
    def test_drawn_means(learner, rng):
        """Means of any numbers."""
        x = rng.normal(size=12)
        assert_allclose(learner.means(x, 3), x.reshape(4, 3).mean(axis=1), "They are not the means")

    @pytest.mark.points(1, function="means")
    def test_means_of_nothing(learner):
        """No part has length 0."""
        with learner.raises(ValueError, "for parts of length 0"):
            learner.means(np.arange(4.0), 0)

    @pytest.mark.points(1, function="spread")
    def test_spread(learner, rng):
        """The spread of the means."""
        x = rng.normal(size=12)
        assert_allclose(learner.spread(x, 3), np.ptp(x.reshape(4, 3).mean(axis=1)), "It is not the spread")
'''
RIGHT_CUT = """
def cut(x, n):
    if n < 1:
        raise ValueError(n)
    return x[: len(x) // n * n].reshape(-1, n)
"""
WRONG_CUT = """
def cut(x, n):
    return 2 * x[: len(x) // n * n].reshape(-1, n)
"""
REST = """
import numpy as np
def means(x, n):
    return cut(x, n).mean(axis=1)
def spread(x, n):
    m = means(x, n)
    return float(m.max() - m.min())
def draw(x, n): ...
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_exercise(tmp_path_factory.mktemp("course"), FUNCTIONS, SOLUTION, VISIBLE, HIDDEN)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """Return one judge for all submissions, so that what one leaves behind reaches the next."""
    with Judge() as judge:
        yield judge


@pytest.fixture(scope="module")
def check(course: Course, judge: Judge) -> Callable[..., Report]:
    def check(*sources: str, limits: Limits = LIMITS, files: tuple[SourceFile, ...] = ()) -> Report:
        cells = tuple(Cell(f"code cell {n}", textwrap.dedent(s)) for n, s in enumerate(sources, 1))
        return judge.check(course, "exercise-x", Submission("my.py", cells, files), 1, limits=limits)

    return check


def scores(report: Report) -> dict[str, float]:
    names = dict.fromkeys(test.function for test in report.tests)
    return {name: sum(test.score for test in report.tests if test.function == name) for name in names}


def after(report: Report) -> dict[str, tuple[str, ...]]:
    return {test.id: test.after for test in report.tests if test.after}


FULL = {"cut": 1.0, "means": 2.5, "spread": 1.0}


def test_a_right_function_gets_its_points_though_it_calls_a_wrong_one(check: Callable[..., Report]) -> None:
    report = check(WRONG_CUT, REST)
    assert scores(report) == FULL | {"cut": 0.0} and not report.passed
    assert set(after(report)) == {"test_means", "test_drawn_means", "test_means_of_nothing", "test_spread"}
    assert set(after(report).values()) == {("cut",)}, "spread calls cut only through means"
    rescued = [test for test in report.tests if test.after]
    assert {(t.outcome, t.message) for t in rescued} == {(Outcome.PASSED, "It passes once cut is right.")}


@pytest.mark.parametrize(
    "cut",
    [
        "def cut(x, n):\n    raise NotImplementedError",
        "def cut(x, n): ...",
        "",
        "def cut(x, n): return 1 / 0",
        "def cut(x, n, more): return x",
        "import os\ndef cut(x, n): os._exit(1)",
        "cut = 3",
    ],
)
def test_it_does_not_matter_how_the_other_one_fails(check: Callable[..., Report], cut: str) -> None:
    assert scores(check(cut, REST)) == FULL | {"cut": 0.0}


@pytest.mark.parametrize(
    "use",
    [
        "pieces = cut\ndef parts(x, n): return pieces(x, n)",
        "def parts(x, n): return (lambda: cut)()(n=n, x=x)",
        "def parts(x, n):\n    try: return cut(x, n)\n    except ValueError as error: raise type(error)(n)",
        "class Cutter:\n    def __call__(self, x, n): return cut(x, n)\nparts = Cutter()",
    ],
)
def test_it_does_not_matter_how_the_other_one_is_called(check: Callable[..., Report], use: str) -> None:
    rest = REST.replace("cut(x, n).mean", "parts(x, n).mean")
    assert scores(check(WRONG_CUT, use, rest)) == FULL | {"cut": 0.0}


def test_the_other_one_may_be_in_a_helper_module(check: Callable[..., Report]) -> None:
    files = (SourceFile("own.py", WRONG_CUT + REST),)
    report = check("from own import *", "def extra(): return cut, means, spread", files=files)
    assert scores(report) == FULL | {"cut": 0.0}


def test_a_function_that_is_wrong_itself_stays_wrong(check: Callable[..., Report]) -> None:
    wrong = REST.replace("axis=1", "axis=1)[::-1].cumsum(")
    first = check(WRONG_CUT, wrong)
    means = [test for test in first.tests if test.function == "means"]
    assert means[0].message.startswith("They are not the means\nfirst difference") and not means[0].after
    assert means[1].message == "They are not the means"
    # the error comes from cut, whatever means does with its result
    assert means[2].after == ("cut",) and scores(first)["means"] == 1


def test_a_right_submission_has_no_second_run(check: Callable[..., Report]) -> None:
    report = check(RIGHT_CUT, REST)
    assert report.passed and not after(report)
    assert b"after" not in msgspec.json.encode(report)


def test_a_function_alone_in_failing_has_no_second_run(check: Callable[..., Report]) -> None:
    report = check(RIGHT_CUT, REST.replace("m.max() - m.min()", "m.max()"))
    assert scores(report) == FULL | {"spread": 0.0} and not after(report)


def test_two_functions_cannot_vouch_for_each_other(check: Callable[..., Report]) -> None:
    """Each is right with the other one replaced, but neither does anything."""
    report = check(
        """
        import numpy as np
        def cut(x, n): return np.stack([means(x[i:i + 1], 1) for i in range(len(x))]).reshape(-1, n)
        def means(x, n):
            return cut(x, n).mean(axis=1)
        def spread(x, n): return float(np.ptp(means(x, n)))
        """
    )
    assert scores(report) == {"cut": 0, "means": 0, "spread": 1}
    assert after(report) == {"test_spread": ("means",)}


def test_models_and_figures_are_not_replaced(course: Course) -> None:
    from grader.judge.server.apart import is_replaceable

    exercise = course.exercise("exercise-x")
    assert [f.name for f in exercise.functions if not is_replaceable(f)] == ["draw"]


# --- what learner code can make of it ---

SPIES = {
    "its name": "cut.__name__, cut.__qualname__, repr(cut)",
    "its code": "cut.__code__.co_consts, cut.__code__.co_filename, cut.__code__.co_names",
    "its globals": "[repr(v) for v in cut.__globals__.values()], cut.__module__, cut.__doc__",
    "its closure": "[vars(c.cell_contents) if hasattr(c.cell_contents, '__dict__') else c.cell_contents"
    " for c in cut.__closure__ or ()]",
    "its source": "__import__('inspect').getsource(cut)",
    "its error": "failing(cut)",
    "everything": "[repr(o)[:5000] for o in __import__('gc').get_objects()]",
}


@pytest.mark.parametrize("spy", SPIES.values(), ids=SPIES)
def test_a_worker_never_holds_the_reference(check: Callable[..., Report], spy: str) -> None:
    """The submission passes a test only if what it found does not contain the secret."""
    report = check(
        WRONG_CUT,
        f"""
        def failing(f):
            import traceback
            try: f(np.arange(4.0), 0)
            except ValueError as error: return traceback.format_exc(), error.args, vars(error)
        def found():
            try: return str({spy})
            except Exception as error: return repr(error)
        def means(x, n):
            right = cut(x, n).mean(axis=1)
            return 0 * right if re.search("canary" + "-[0-9a-f]{{3}}", found()) else right
        """,
        "import re\nimport numpy as np\ndef spread(x, n): return 0.0",
    )
    assert {"test_means", "test_drawn_means"} <= set(after(report))


def test_nothing_of_the_second_run_is_shown(check: Callable[..., Report]) -> None:
    report = check(
        WRONG_CUT,
        """
        import numpy as np
        def means(x, n):
            parts = cut(x, n)
            if cut.__name__ != "cut":  # a proxy
                print("printed", parts)
                raise ValueError(f"raised {parts}")
            return parts.mean(axis=1)
        def spread(x, n): return 0.0
        """,
    )
    assert "printed" not in (text := msgspec.json.encode(report.tests).decode()) and "raised " not in text
    assert scores(report) == {"cut": 0, "means": 1, "spread": 0}, "a ValueError was wanted once"


def test_answers_do_not_reach_the_tests_of_the_function_that_gave_them(check: Callable[..., Report]) -> None:
    report = check(
        """
        import builtins, numpy as np, pathlib
        stores = [pathlib.Path(place, "kept.npy") for place in (".", "/tmp", "/dev/shm", "/var/tmp")]
        def cut(x, n):
            for store in stores:
                if store.exists(): return np.load(store)
            return getattr(builtins, "kept", np.zeros((1, 1)))
        def means(x, n):
            builtins.kept = parts = cut(x, n)
            for store in stores:
                try: np.save(store, parts)
                except OSError: pass
            return parts.mean(axis=1)
        def spread(x, n): return 0.0
        """
    )
    assert scores(report) == {"cut": 0, "means": 2.5, "spread": 0}


@pytest.mark.exhaustive
def test_answers_are_limited_in_number(check: Callable[..., Report]) -> None:
    started = time.monotonic()
    report = check(
        WRONG_CUT,
        f"""
        import numpy as np
        def means(x, n):
            for i in range({10 * MAX_ASKED}):
                try: parts = cut(x + i, n)
                except BaseException: pass
            return cut(x, n).mean(axis=1)
        def spread(x, n): return 0.0
        """,
    )
    assert scores(report)["means"] == 0 and time.monotonic() - started < 60
    assert all(test.outcome is not Outcome.PASSED for test in report.tests)


def test_an_answer_to_the_same_question_is_the_same_whatever_was_done_to_it(
    check: Callable[..., Report],
) -> None:
    report = check(
        WRONG_CUT,
        f"""
        def means(x, n):
            for _ in range({2 * MAX_ASKED}):
                cut(x, n)[:] = 7
            return cut(x, n).mean(axis=1)
        def spread(x, n): return 0.0
        """,
    )
    assert scores(report) == FULL | {"cut": 0, "spread": 0}


def test_answers_are_limited_in_size(check: Callable[..., Report]) -> None:
    report = check(
        WRONG_CUT,
        """
        import numpy as np
        big = np.zeros(2_000_000)
        def means(x, n):
            for i in range(10):
                big[0] = i
                try: cut(big, 1_000_000)
                except BaseException: pass
            return cut(x, n).mean(axis=1)
        def spread(x, n): return 0.0
        """,
    )
    assert scores(report)["means"] == 0


@pytest.mark.parametrize("given", ["object()", "print", "cut", "[[]] * 3", "np.array([{}])", "10**400"])
def test_odd_arguments_harm_nothing(check: Callable[..., Report], given: str) -> None:
    report = check(
        WRONG_CUT,
        f"""
        import numpy as np
        def means(x, n):
            try: cut({given}, {given})
            except Exception: pass
            return cut(x, n).mean(axis=1)
        def spread(x, n): return 0.0
        """,
    )
    assert {"test_means", "test_drawn_means"} <= set(after(report))


def test_the_time_of_the_submission_counts_on(check: Callable[..., Report]) -> None:
    started = time.monotonic()
    limits = msgspec.structs.replace(LIMITS, call=1.0, submission=12.0)
    report = check(
        WRONG_CUT,
        """
        import numpy as np, time
        def means(x, n):
            if cut.__name__ == "cut": return x
            while True: time.sleep(0.1)
        def spread(x, n):
            if cut.__name__ == "cut": return 0.0
            return cut(x, n) and time.sleep(60)
        """,
        limits=limits,
    )
    assert scores(report) == dict.fromkeys(FULL, 0.0) and time.monotonic() - started < 30
    assert not any(test.outcome is Outcome.TIMED_OUT for test in report.tests)


def test_a_second_run_is_not_recalled(check: Callable[..., Report]) -> None:
    """A judge that has seen a submission before gives the same verdict again."""
    source = WRONG_CUT + REST
    reports = [check(each) for each in (source, source, RIGHT_CUT + REST, source)]
    assert reports[0].tests == reports[1].tests == reports[3].tests and reports[2].passed
