"""Results of tests: points, messages, blame, and what hidden tests never show."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from judging import by_id, judged, submission, write_exercise

from grader.content.course import Course
from grader.content.problem import ContentError
from grader.judge.client.judge import Judge
from grader.judge.jobs import Scope
from grader.judge.report import Outcome, Report, TestResult

FUNCTIONS = {"double(x)": {"y": "array"}, "pick(x)": {"n": "any"}, "spare(x)": {"n": "int"}}
SOLUTION = """
    import numpy as np
    def double(x): return 2 * np.asarray(x)
    def pick(x): return [float(x[0]), 7]
    def spare(x): return 1
"""
VISIBLE = '''
    @pytest.mark.points(0.25, function="double")
    def test_two_calls(learner):
        """The first of two results is compared first."""
        both = [learner.double(np.array([x])) for x in (2.0, 3.0)]
        for got, right in zip(both, (4.0, 6.0), strict=True):
            assert_array_equal(got, [right], "They should be 4 and 6")

    @pytest.mark.points(0.25, function="double")
    def test_shown(learner):
        """Two is four."""
        assert_array_equal(learner.double(np.array([2.0])), [4.0], "It should be 4")

    @pytest.mark.points(0.5, function="double")
    def test_plain_numpy_assertion(learner):
        """Numpy's own words."""
        np.testing.assert_array_equal(learner.double(np.array([2.0])), [4.0])

    @pytest.mark.points(1, function="pick")
    def test_shown_error(learner):
        """The first is picked."""
        assert learner.pick([1.0])[0] == 1.0
'''
HIDDEN = '''
    class Secret(Exception): pass

    @pytest.fixture
    def data(rng):
        return rng.normal(size=4)

    @pytest.mark.points(2, function="double")
    def test_mismatch(learner, data):
        """All are doubled."""
        assert_allclose(learner.double(data), 2 * data, "Not all are doubled")

    @pytest.mark.points(0.25, function="double")
    def test_numpy_testing(learner, data):
        """Numpy's words stay here."""
        np.testing.assert_allclose(learner.double(data), 2 * data, err_msg="secret 0.123")

    @pytest.mark.points(0.25, function="double")
    def test_plain_assert(learner):
        """Own words are shown."""
        assert learner.double(np.zeros(2))[0] == 0, "Zero stays zero"

    @pytest.mark.points(0.25, function="double")
    def test_no_words(learner):
        """No words at all."""
        assert learner.double(np.zeros(2))[0] == 0

    @pytest.mark.points(0.25, function="double")
    def test_pytest_fail(learner):
        """Failing by pytest."""
        if learner.double(np.zeros(2))[0] != 0:
            pytest.fail("Zero should stay zero")

    @pytest.mark.points(1, function="pick")
    def test_values_break_the_test(learner):
        """The result has two parts."""
        first, second = learner.pick([3.0])
        assert len(second.real.__class__.__name__) > 0

    @pytest.mark.points(1, function="pick")
    def test_raised(learner, data):
        """Numbers from nowhere."""
        learner.pick(list(data))

    @pytest.mark.points(4, function="spare")
    def test_that_is_broken(learner):
        """Broken."""
        learner.spare(1)
        raise KeyError("the author's mistake")

    @pytest.mark.points(4, function="spare")
    def test_that_skips(learner):
        """Skipped."""
        pytest.skip("not today")

    @pytest.mark.points(1, function="spare")
    @pytest.mark.parametrize("value", [12345, 67890], ids=str)
    def test_parametrized(learner, value):
        """Of any number."""
        assert learner.spare(value) == 1, "It is always 1"
'''
WRONG = """
    import numpy as np
    print("at the top")
    class Leak(Exception): pass
    def double(x):
        print("I was given", x)
        return 2 * np.asarray(x) + 0.5
    def pick(x):
        if len(x) == 4:
            raise type("Leak_" + str(x[0]).replace(".", "_"), (Leak,), {})(f"data {x}")
        if x[0] == 1.0:
            print("\\x1b[2Jcleared\\x07")
            raise Leak(f"data {x}")
        return 3
    def spare(x): return x
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_exercise(tmp_path_factory.mktemp("course"), FUNCTIONS, SOLUTION, VISIBLE, HIDDEN)


@pytest.fixture(scope="module")
def wrong_report(course: Course) -> Report:
    return judged(course, WRONG)


@pytest.fixture(scope="module")
def wrong(wrong_report: Report) -> dict[str, TestResult]:
    return by_id(wrong_report)


@pytest.fixture(scope="module")
def right(course: Course) -> Report:
    return judged(course, SOLUTION)


def test_the_solution_gets_every_point_that_counts(right: Report) -> None:
    assert (right.score, right.max_score, right.passed) == (9.0, 9.0, True)


def test_a_report_says_what_it_may_depend_on(right: Report, course: Course) -> None:
    assert (right.exercise, right.seed, right.mistakes) == ("exercise-x", 1, ())
    assert right.version == course.exercise_version("exercise-x")
    assert all(msgspec.to_builtins(right.environment).values())


def test_visible_tests_come_first_and_are_marked(right: Report) -> None:
    assert [result.visible for result in right.tests] == [True] * 4 + [False] * 11


def test_a_score_is_the_sum_over_its_tests(wrong_report: Report) -> None:
    assert wrong_report.score == sum(t.score for t in wrong_report.tests) == 0
    assert wrong_report.max_score == 9 and not wrong_report.passed


def test_the_same_seed_gives_the_same_results(course: Course, wrong_report: Report) -> None:
    again = judged(course, WRONG)
    assert again.tests == wrong_report.tests


# --- visible tests ---


def test_a_visible_failure_shows_the_call_the_result_and_the_print(wrong: dict[str, TestResult]) -> None:
    assert wrong["test_shown"].message == (
        "It should be 4\nfirst difference at position [0]: 4.5 came back, expected 4\n"
        "in double(array([2.]))\nprinted:\nI was given [2.]"
    )


def test_a_visible_failure_says_which_of_several_calls_it_shows(wrong: dict[str, TestResult]) -> None:
    assert "\nin call 1 of 2: double(array([2.]))\n" in wrong["test_two_calls"].message


def test_a_visible_failure_shows_numpy_s_words(wrong: dict[str, TestResult]) -> None:
    assert "Mismatched elements: 1 / 1" in wrong["test_plain_numpy_assertion"].message


def test_a_visible_error_shows_its_text_but_no_escape_codes(wrong: dict[str, TestResult]) -> None:
    message = wrong["test_shown_error"].message
    assert "pick raised Leak: data [1.0] (line 13 of my.py)" in message and "cleared" in message
    assert "\x1b" not in message and "\x07" not in message


def test_a_plain_assertion_shows_what_came_back(course: Course) -> None:
    """In a visible test only: in a hidden test, learner code could choose a result that tells the inputs."""
    report = judged(course, "import numpy as np\ndef double(x): return x\ndef pick(x): return [2.5, 7, *x]\n")
    assert by_id(report)["test_shown_error"].message == "returned [2.5, 7, 1]\nin pick([1])"
    assert not any("returned [" in test.message for test in report.tests if not test.visible)


# --- hidden tests ---


def test_a_hidden_failure_shows_the_test_s_own_words(wrong: dict[str, TestResult]) -> None:
    assert wrong["test_mismatch"].message == "Not all are doubled"
    assert wrong["test_plain_assert"].message == "Zero stays zero"
    assert wrong["test_pytest_fail"].message == "Zero should stay zero"


def test_a_hidden_failure_does_not_show_a_library_s_words(wrong: dict[str, TestResult]) -> None:
    assert wrong["test_numpy_testing"].outcome is Outcome.FAILED
    assert wrong["test_numpy_testing"].message == wrong["test_no_words"].message == ""


def test_a_hidden_error_shows_neither_text_nor_class(wrong: dict[str, TestResult]) -> None:
    assert wrong["test_raised"].message == "pick raised an error."


def test_hidden_tests_show_no_number_that_they_drew(wrong: dict[str, TestResult]) -> None:
    said = " ".join(r.message for r in wrong.values() if not r.visible)
    assert not re.search(r"\d\.\d|\d_\d", said) and "printed" not in said


def test_a_parametrized_test_is_numbered_not_named(wrong: dict[str, TestResult]) -> None:
    assert {"test_parametrized[0]", "test_parametrized[1]"} <= set(wrong)
    assert not any("12345" in id_ for id_ in wrong)


# --- the reference solution beside the submission ---


def test_a_test_may_compare_with_the_reference_solution(tmp_path: Path) -> None:
    """Values, exceptions and random draws come from both, whatever the other one has done before."""
    hidden = '''
    @pytest.mark.points(1, function="double")
    def test_same_as_reference(learner, reference, rng):
        """The results are those of the solution."""
        for x in (rng.normal(size=3), rng.normal(size=(2, 2))):
            assert_allclose(learner.double(x), reference.double(x), "The results differ")
'''
    course = write_exercise(tmp_path, FUNCTIONS, SOLUTION, VISIBLE, hidden)
    right = by_id(judged(course, SOLUTION))["test_same_as_reference"]
    wrong = by_id(judged(course, SOLUTION.replace("2 *", "2.01 *")))["test_same_as_reference"]
    assert (right.outcome, wrong.outcome) == (Outcome.PASSED, Outcome.FAILED)
    assert wrong.message == "The results differ"


# --- blame ---


def test_values_that_break_a_test_are_the_learner_s(wrong: dict[str, TestResult]) -> None:
    result = wrong["test_values_break_the_test"]
    assert (result.outcome, result.score, result.points) == (Outcome.ERROR, 0, 1)
    assert (
        result.message
        == "The result of pick could not be used. Compare its shape and type with the contract."
    )


@pytest.mark.parametrize("name", ["test_that_is_broken", "test_that_skips"])
def test_a_test_that_the_solution_breaks_too_costs_nothing(
    wrong: dict[str, TestResult], right: Report, name: str
) -> None:
    for result in (wrong[name], by_id(right)[name]):
        assert (result.outcome, result.score, result.points) == (Outcome.JUDGE_BROKEN, 0, 0)
        assert "not your code" in result.message and "author's mistake" not in result.message
        assert result.error is None and b"author's mistake" not in msgspec.json.encode(result)


def test_an_author_is_told_what_broke_a_test_and_where(course: Course) -> None:
    with Judge() as judge:
        scope = Scope(("spare",), test_errors=True)
        results = by_id(judge.check(course, "exercise-x", submission(SOLUTION), 1, scope=scope))
    source = (course.root / "exercises/exercise-x/hidden_tests.py").read_text().split("\n")
    for name, says, line in (
        ("test_that_is_broken", 'KeyError: "the author\'s mistake"', "raise KeyError("),
        ("test_that_skips", "Skipped: not today", "pytest.skip("),
    ):
        error = results[name].error
        assert error is not None and error.says == says and line in source[error.line - 1]
        assert f"line {error.line})" in results[name].message
    assert results["test_parametrized[0]"].error is None


def test_only_an_author_is_told_the_text_of_a_fixture_s_error(tmp_path: Path) -> None:
    hidden = '    @pytest.fixture\n    def bad(): raise ValueError("secret")\n' + GOOD.replace(
        "learner", "bad"
    )
    course = write_exercise(tmp_path, FUNCTIONS, SOLUTION, VISIBLE, hidden)
    with Judge() as judge:
        for scope, says in (
            (Scope(), "test_a: a fixture fails (ValueError)"),
            (Scope(test_errors=True), "test_a: a fixture fails (ValueError: secret)"),
        ):
            with pytest.raises(ContentError) as caught:
                judge.check(course, "exercise-x", submission(SOLUTION), 1, scope=scope)
            [problem] = caught.value.problems
            assert problem.what == says
            assert "raise ValueError" in Path(problem.file).read_text().split("\n")[problem.line - 1]


# --- tests that an author must fix ---

GOOD = '    @pytest.mark.points(1, function="double")\n    def test_a(learner):\n        """A."""\n'


@pytest.mark.parametrize(
    ("hidden", "says"),
    [
        ('    def test_a(learner):\n        """A."""', "it has no points"),
        (GOOD.replace("(1,", "(0,"), "not a positive number"),
        (GOOD.replace("double", "treble"), "no function 'treble'"),
        (GOOD.replace('"""A."""', "pass"), "no docstring"),
        (GOOD.replace("test_a", "test_shown"), "two tests have this name"),
        ("    def test_a(:", "cannot be collected"),
        ("    import nothing_like_this", "cannot be collected"),
        (GOOD.replace("learner", "unknown_fixture"), "there is no fixture 'unknown_fixture'"),
        (
            "    @pytest.fixture\n    def bad(): raise ValueError\n" + GOOD.replace("learner", "bad"),
            "fixture fails",
        ),
    ],
)
def test_broken_test_files_are_the_author_s_to_mend(tmp_path: Path, hidden: str, says: str) -> None:
    course = write_exercise(tmp_path, FUNCTIONS, SOLUTION, VISIBLE, hidden)
    with pytest.raises(ContentError) as caught:
        judged(course, SOLUTION)
    assert says in str(caught.value) and "hidden_tests.py" in str(caught.value)


def test_a_wrong_import_is_reported_with_its_line_and_the_right_name(tmp_path: Path) -> None:
    hidden = "\n\n    from grader.testing import assert_close\n" + GOOD
    course = write_exercise(tmp_path, FUNCTIONS, SOLUTION, VISIBLE, hidden)
    with pytest.raises(ContentError) as caught:
        judged(course, SOLUTION)
    [problem] = caught.value.problems
    source = Path(problem.file).read_text("utf-8").split("\n")
    assert "assert_close" in source[problem.line - 1]
    assert problem.what == "grader.testing has no assert_close"
    assert problem.todo.startswith("did you mean assert_allclose?")


def test_no_place_on_this_machine_is_told_of_another_import(tmp_path: Path) -> None:
    hidden = "\n    from json import nothing\n" + GOOD
    course = write_exercise(tmp_path, FUNCTIONS, SOLUTION, VISIBLE, hidden)
    with pytest.raises(ContentError) as caught:
        judged(course, SOLUTION)
    [problem] = caught.value.problems
    assert problem.what.endswith("cannot import name 'nothing' from 'json'") and problem.line > 1


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        (Scope(), "cannot be collected (KeyError)"),
        (Scope(test_errors=True), "cannot be collected: KeyError: 'the secret'"),
    ],
)
def test_only_an_author_is_told_the_text_of_an_error_outside_the_tests(
    tmp_path: Path, scope: Scope, says: str
) -> None:
    course = write_exercise(tmp_path, FUNCTIONS, SOLUTION, VISIBLE, "    {}['the secret']\n" + GOOD)
    with Judge() as judge, pytest.raises(ContentError) as caught:
        judge.check(course, "exercise-x", submission(SOLUTION), 1, scope=scope)
    [problem] = caught.value.problems
    assert problem.what == says and problem.line > 1


# --- order ---


def test_hidden_tests_run_after_all_visible_ones_and_tests_of_models_last(tmp_path: Path) -> None:
    """Keras may still be loading, so other functions come first.

    A visible test shows texts of the submission, which must not have seen a hidden input yet.
    """
    functions = {"build()": {"m": "model"}, "double(x)": {"y": "array"}}
    test = '''
    @pytest.mark.points(1, function="{0}")
    def test_{1}(learner):
        """It returns."""
        learner.{0}({2})
    '''
    shown = test.format("build", "model", "") + test.format("double", "shown", "[1.0]")
    course = write_exercise(
        tmp_path, functions, "def double(x): return x\n", shown, test.format("double", "more", "[1234.0]")
    )
    leaks = """
        seen = [4321]
        def double(x):
            seen.append(x)
            return x
        def build():
            raise ValueError(seen)
    """
    ran: list[str] = []
    with Judge() as judge:
        report = judge.check(
            course, "exercise-x", submission(leaks), 1,
            on_test=lambda result: ran.append(result.id),
        )  # fmt: skip
    assert ran == ["test_shown", "test_model", "test_more"]
    assert "4321" in by_id(report)["test_model"].message and "1234" not in str(report)
    assert [result.id for result in report.tests] == ["test_model", "test_shown", "test_more"]
