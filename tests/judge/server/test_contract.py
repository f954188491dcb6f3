"""Contracts: which inputs are drawn, and what is said if the submission breaks a promise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import by_id, submission, write_exercise

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.report import Outcome, Report, TestResult
from grader.judge.server.contract import Contract, Domain, Result, _same, allowed, at_each_place, excluded

CONTRACT = Contract(
    "f",
    {
        "data": Domain(
            lambda rng: rng.normal(size=int(rng.integers(5, 9))),
            edges={"two values": lambda data: data[:2], "whole numbers": lambda rng: rng.integers(9, size=6)},
            excluded=at_each_place("NaN", lambda data, at: np.where(place(data, at), np.nan, data)),
        ),
        "length": Domain(
            lambda rng, data: int(rng.integers(1, len(data))),
            edges={"the longest": lambda data: len(data) - 1},
            excluded={"length 0": 0, "too long": lambda data: len(data)},
        ),
        "mode": Domain(choices=("slow", "fast"), excluded={"an unknown mode": "odd"}),
        "scale": Domain(2.0, optional=True),
    },
)
SEEDS = st.integers(0, 2**32)


def place(data: np.ndarray, at: float) -> np.ndarray:
    return np.arange(len(data)) == round(at * (len(data) - 1))


@given(SEEDS)
def test_every_edge_is_drawn_for_every_choice(seed: int) -> None:
    labels = [case.label for case in allowed(CONTRACT, np.random.default_rng(seed))]
    for mode in ("mode='slow'", "mode='fast'"):
        assert labels.count(mode) == 2, "usual inputs"
        for edge in ("two values", "whole numbers", "the longest", "the default scale"):
            assert labels.count(f"{mode} and {edge}") == 1


@given(SEEDS)
def test_arguments_fit_together(seed: int) -> None:
    """An argument that depends on another one follows it, even if that one is at its edge."""
    for label, drawn in allowed(CONTRACT, np.random.default_rng(seed)):
        assert 1 <= drawn["length"] < len(drawn["data"])
        assert ("two values" in label) == (len(drawn["data"]) == 2)
        assert ("default scale" in label) == ("scale" not in drawn)
        assert list(drawn)[:3] == ["data", "length", "mode"], "in the order of the signature"


@given(SEEDS)
def test_one_argument_is_excluded_at_a_time(seed: int) -> None:
    for label, drawn in excluded(CONTRACT, np.random.default_rng(seed)):
        wrong = {
            "NaN": bool(np.isnan(drawn["data"]).any()),
            "length 0": drawn["length"] == 0,
            "too long": drawn["length"] == len(drawn["data"]),
            "an unknown mode": drawn["mode"] == "odd",
        }
        assert [what for what, is_wrong in wrong.items() if is_wrong] == [
            what for what in wrong if what in label
        ]


def test_a_change_at_each_place() -> None:
    given = {c.label: c.arguments["data"] for c in excluded(CONTRACT, np.random.default_rng(1))}
    for label, index in [("at the beginning", 0), ("at the end", -1)]:
        data = given[f"mode='slow' and NaN {label}"]
        assert np.isnan(data[index]) and np.isnan(data).sum() == 1
    middle = given["mode='slow' and NaN in the middle"]
    assert not np.isnan(middle[[0, -1]]).any()


def test_the_same_seed_draws_the_same() -> None:
    one, other = ([*allowed(CONTRACT, np.random.default_rng(3))] for _ in range(2))
    assert repr(one) == repr(other) and len(one) == 12


# --- a real exercise ---

FUNCTIONS = {"windows(data, length, step=1)": {"X": "array", "n": "int"}}
SOLUTION = """
    import numpy as np
    def windows(data, length, step=1):
        if np.isnan(data).any() or length < 1:
            raise ValueError("no")
        X = np.stack([data[i : i + length] for i in range(0, len(data) - length + 1, step)])
        return X.astype(np.float64), len(X)
"""
HIDDEN = '''
    WINDOWS = Contract(
        "windows",
        {
            "data": Domain(
                lambda rng: rng.normal(size=12),
                edges={"whole numbers": lambda rng: rng.integers(100, 999, size=12)},
                excluded={"NaN": lambda data: np.append(data, np.nan)},
            ),
            "length": Domain(
                lambda rng: int(rng.integers(2, 6)),
                edges={"windows of length 1": 1},
                excluded={"length 0": 0},
            ),
            "step": Domain(2, optional=True),
        },
        {"X": Result("X does not contain the windows", "(n, L)", "float64"), "n": Result("n is not right")},
    )

    @pytest.mark.points(2, function="windows")
    def test_results(learner, reference, rng):
        """All windows are right."""
        check_results(WINDOWS, learner, reference, rng)

    @pytest.mark.points(2, function="windows")
    def test_refusals(learner, reference, rng):
        """Others are refused."""
        check_refusals(WINDOWS, learner, reference, rng)
'''


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_exercise(tmp_path_factory.mktemp("contract"), FUNCTIONS, SOLUTION, "", HIDDEN)


def judged(judge: Judge, course: Course, source: str) -> Report:
    return judge.check(course, "exercise-x", submission(source), 1)


def results(judge: Judge, course: Course, old: str, new: str) -> dict[str, TestResult]:
    assert old in SOLUTION
    return by_id(judged(judge, course, SOLUTION.replace(old, new)))


def test_the_solution_keeps_its_contract(judge: Judge, course: Course) -> None:
    assert judged(judge, course, SOLUTION).passed


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("i + length]", "i + length - 1]", "The shape of X is not (n, L)."),
        ("X.astype(np.float64)", "X.astype(np.float64) + 1", "X does not contain the windows."),
        ("X.astype(np.float64)", "X", "X should be float64 for whole numbers."),
        ("len(X)\n", "len(X) + (length == 1)\n", "n is not right for windows of length 1."),
        ("step=1", "step=2", "The shape of X is not (n, L) for the default step."),
        (
            "length < 1:",
            "length < 2:",
            "windows raised an error. This happened for windows of length 1.",
        ),
        (
            "X.astype(np.float64)",
            "[[*X], X * 1.0][length > 1]",
            "X should be a numpy array, but windows returned a value of another type. "
            "This happened for windows of length 1.",
        ),
        (
            "        return",
            "        data[0] = 0\n        return",
            "windows modified its argument data. Work on a copy.",
        ),
    ],
)
def test_a_broken_promise_is_told_with_the_kind_of_input(
    judge: Judge, course: Course, old: str, new: str, says: str
) -> None:
    result = results(judge, course, old, new)["test_results"]
    assert (result.outcome is not Outcome.PASSED, result.message) == (True, says)
    assert not re.search(r"\d{3}", result.message), "a number that was drawn"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("np.isnan(data).any() or ", "", "windows should raise ValueError for NaN, but it did not."),
        ("ValueError", "KeyError", "windows should raise ValueError for NaN, but it raised another error."),
        (" or length < 1", "", "windows should raise ValueError for length 0, but it did not."),
    ],
)
def test_what_is_excluded_must_raise_a_value_error(
    judge: Judge, course: Course, old: str, new: str, says: str
) -> None:
    tests = results(judge, course, old, new)
    assert tests["test_results"].outcome is Outcome.PASSED, "the other test does not suffer"
    assert tests["test_refusals"].message == says


def test_a_function_that_always_raises_earns_nothing(judge: Judge, course: Course) -> None:
    assert judged(judge, course, "def windows(data, length, step=1): raise ValueError").score == 0


def test_subclasses_of_value_error_and_other_words_are_fine(judge: Judge, course: Course) -> None:
    source = SOLUTION.replace('ValueError("no")', "type('Mine', (ValueError,), {})")
    assert judged(judge, course, source).passed


def test_a_solution_that_breaks_its_contract_costs_learners_nothing(judge: Judge, tmp_path: Path) -> None:
    hidden = HIDDEN.replace('"whole numbers": lambda rng', '"nothing": None, "whole numbers": lambda rng')
    course = write_exercise(tmp_path, FUNCTIONS, SOLUTION, "", hidden)
    result = by_id(judged(judge, course, SOLUTION))["test_results"]
    assert (result.outcome, result.points) == (Outcome.JUDGE_BROKEN, 0)


# --- results that hold several arrays ---

MANY = {"split(x)": {"parts": "dict"}, "halves(x)": {"both": "list"}}
MANY_SOLUTION = """
    import numpy as np
    def split(x): return {"low": x / 2, "high": x * 2}
    def halves(x): return [x / 2, x[:1] / 2]
"""
MANY_HIDDEN = '''
    WHOLE = {"whole numbers": lambda rng: rng.integers(100, 999, size=3)}
    X = Domain(lambda rng: rng.normal(size=4), edges=WHOLE)
    PARTS = {"low": Result("low is wrong", "(n,)", "float64"), "high": Result("high is wrong", "(n,)")}
    SPLIT = Contract("split", {"x": X}, {"parts": Result("A part is wrong", parts=PARTS)})
    HALVES = Contract("halves", {"x": X}, {"both": Result("A half is wrong", "the one in the contract")})

    @pytest.mark.points(1, function="split")
    def test_split(learner, reference, rng):
        """All parts are right."""
        check_results(SPLIT, learner, reference, rng)

    @pytest.mark.points(1, function="halves")
    def test_halves(learner, reference, rng):
        """All halves are right."""
        check_results(HALVES, learner, reference, rng)
'''


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_exercise(tmp_path_factory.mktemp("many"), MANY, MANY_SOLUTION, "", MANY_HIDDEN)


@pytest.mark.parametrize(
    ("test", "old", "new", "says"),
    [
        ("split", "x * 2", "x * 3", "high is wrong."),
        ("split", "x / 2,", "(x / 2).astype(x.dtype),", 'parts["low"] should be float64 for whole numbers.'),
        ("split", "x / 2,", "x[1:],", 'The shape of parts["low"] is not (n,).'),
        ("split", '"low"', '"lower"', "parts does not have exactly the keys that the contract names."),
        (
            "split",
            "x * 2",
            "[*x]",
            'The type of parts["high"] is not a numpy array.',
        ),
        ("halves", "x[:1] / 2", "x[:1]", "A half is wrong."),
        ("halves", "x[:1] / 2", "x / 2", "The shape of each item of both is not the one in the contract."),
        ("halves", ", x[:1] / 2", "", "both does not have the length that the contract asks for."),
        ("halves", "x[:1] / 2", "0.5", "The type of each item of both is not a numpy array."),
    ],
)
def test_each_array_of_a_result_is_compared(
    judge: Judge, many: Course, test: str, old: str, new: str, says: str
) -> None:
    assert judged(judge, many, MANY_SOLUTION).passed
    assert old in MANY_SOLUTION
    result = by_id(judged(judge, many, MANY_SOLUTION.replace(old, new)))[f"test_{test}"]
    assert result.outcome is Outcome.FAILED
    assert result.message == says


@pytest.mark.parametrize(
    ("got", "is_same"),
    [((None, 3), True), ((None, np.int64(3)), True), ((3, None), False), ((None, np.ones(2)), False)],
)
def test_a_tuple_is_compared_whatever_it_holds(got: tuple[object, ...], is_same: bool) -> None:
    assert _same(got, (None, 3), Result("")) is is_same


CALLING = '''
    def step(x):
        assert x > 0, "step should receive a positive number"
        return x

    @pytest.mark.points(1, function="each")
    def test_refusals(learner, reference, rng):
        """Others are refused."""
        arguments = {"n": Domain(2, excluded={"a negative number": -1}), "step": Domain(lambda: step)}
        check_refusals(Contract("each", arguments, {"n": Result("n is wrong")}), learner, reference, rng)
'''


def test_code_that_passes_an_excluded_input_on_has_not_refused_it(judge: Judge, tmp_path: Path) -> None:
    solution = """
        def each(n, step):
            if n < 0:
                raise ValueError(n)
            return step(n)
    """
    course = write_exercise(tmp_path, {"each(n, step)": {"n": "int"}}, solution, "", CALLING)
    report = judged(judge, course, "def each(n, step): return step(n)")
    says = "each should raise ValueError for a negative number, but it did not."
    assert by_id(report)["test_refusals"].message == says


COUNTING = '''
    @pytest.mark.points(1, function="count")
    def test_refusals(learner, reference, rng):
        """Others are refused."""
        arguments = {"n": Domain(2, excluded={"a negative number": -1})}
        check_refusals(Contract("count", arguments, {"n": Result("n is wrong")}), learner, reference, rng)
'''
REFUSING = """
    def count(n):
        if n < 0:
            raise ValueError(n)
        return {returned}
"""


@pytest.mark.parametrize(
    ("submission", "says"),
    [
        (
            "def count(n): return n + 1",
            "count should raise ValueError for a negative number, but it did not.",
        ),
        (REFUSING.format(returned="n + 1"), "n is wrong."),
        (
            "def count(n): print(n)",
            "count should return an int, but it returned None. Is a `return` missing?",
        ),
    ],
)
def test_a_missing_refusal_is_told_even_if_the_result_is_wrong(
    judge: Judge, tmp_path: Path, submission: str, says: str
) -> None:
    solution = REFUSING.format(returned="n")
    course = write_exercise(tmp_path, {"count(n)": {"n": "int"}}, solution, "", COUNTING)
    assert by_id(judged(judge, course, submission))["test_refusals"].message == says
