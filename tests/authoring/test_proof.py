"""Conclusions from reports. The reports are built by hand; no judge runs here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import pytest
from sound_course import EXERCISE_YAML, HIDDEN_TESTS, SOLUTION_PY, STARTER_PY, SoundCourse

from grader.authoring.material import ExerciseFiles, Material
from grader.authoring.proof import Runs, findings, matrix
from grader.content.course import Course
from grader.content.problem import Problem
from grader.judge import sentences
from grader.judge.confinement import Confinement
from grader.judge.report import Environment, NamedMistake, Outcome, Report, StoppedCode, TestError, TestResult

TESTS = {"test_two": "scaled", "test_drawn": "scaled", "test_first": "first"}
SECOND_SCALED = """\
  - {id: adds-too, function: scaled, misconception: adds-twice, says: Look again.}
"""
ENVIRONMENT = Environment(
    python="", numpy="", tensorflow="", keras="", platform="", threads=1, confinement=Confinement.NONE
)


def report(
    wrong: Mapping[str, Outcome | str] | Iterable[str] = (), named: Iterable[str] = (), seed: int = 5
) -> Report:
    """Return a report in which the tests in `wrong` did not pass.

    A mapping gives each test's outcome, or a text as the reason of NOT_RUN; otherwise
    the tests failed. `named` holds the ids of the recognized mistakes.
    """
    wrong = wrong if isinstance(wrong, Mapping) else dict.fromkeys(wrong, Outcome.FAILED)
    tests = []
    for test, function in TESTS.items():
        ending = wrong.get(test, Outcome.PASSED)
        outcome = ending if isinstance(ending, Outcome) else Outcome.NOT_RUN
        result = TestResult(
            id=test,
            function=function,
            title=test,
            outcome=outcome,
            points=1,
            score=float(outcome is Outcome.PASSED),
            message="" if outcome is Outcome.PASSED else "the reason" if outcome is ending else str(ending),
            visible=test == "test_two",
        )
        tests.append(result)
    mistakes = tuple(NamedMistake(id=id_, misconception="m", says="s", tests=()) for id_ in named)
    score = sum(test.score for test in tests)
    return Report(
        exercise="exercise-x",
        version="v",
        score=score,
        max_score=3,
        passed=score == 3,
        tests=tuple(tests),
        mistakes=mistakes,
        seed=seed,
        environment=ENVIRONMENT,
        seconds=0,
    )


BLANK = {test: sentences.blank(function) for test, function in TESTS.items()}
RIGHT = (report(), report(seed=1), report(seed=2), report())
ADDS = (
    report(["test_two", "test_drawn"], ["adds-the-factor"]),
    report(["test_drawn"], ["adds-the-factor"], 1),
)
SECOND = tuple(report(["test_first"], ["second-one"], seed) for seed in (5, 1))


class Bench:
    """A sound course and its runs; each test replaces some of them."""

    def __init__(self, root: Path) -> None:
        self.sound = SoundCourse(root)
        self.starter = report(BLANK)
        self.solution = RIGHT
        self.mistakes = {"adds-the-factor": ADDS, "second-one": SECOND}
        self.draws: dict[str, tuple[Report, ...]] = {}

    @property
    def files(self) -> ExerciseFiles:
        material = Material.of(Course(self.sound.root))
        return ExerciseFiles(material, material.exercises["exercise-x"])

    @property
    def runs(self) -> Runs:
        return Runs(starter=self.starter, solution=self.solution, mistakes=self.mistakes, draws=self.draws)

    def findings(self) -> list[Problem]:
        return findings(self.files, self.runs)

    def assert_one(self, what: str, file: str, words: str) -> Problem:
        """Check that the only problem contains `what` and is on the line of `words`; return it."""
        [problem] = self.findings()
        assert what in problem.what
        place = (str(self.sound.root / file), self.sound.line(file, words))
        assert (problem.file, problem.line) == place
        return problem


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_sound_exercise_is_proven(bench: Bench) -> None:
    assert bench.findings() == []


def test_the_matrix_shows_the_first_seed(bench: Bench) -> None:
    table = matrix(bench.files, bench.runs)
    assert [(test.id, test.visible) for test in table.tests] == [
        ("test_two", True),
        ("test_drawn", False),
        ("test_first", False),
    ]
    assert [(row.id, row.failed, row.named) for row in table.mistakes] == [
        ("adds-the-factor", ("test_two", "test_drawn"), ("adds-the-factor",)),
        ("second-one", ("test_first",), ("second-one",)),
    ]


# --- solution ---


@pytest.mark.parametrize(("who", "file"), [("solution", SOLUTION_PY), ("starter", STARTER_PY)])
def test_code_outside_the_functions_that_stops(bench: Bench, who: str, file: str) -> None:
    stopped = (StoppedCode(place="line 9", message="Line 9 stopped: ValueError."),)
    if who == "solution":
        first, *others = bench.solution
        bench.solution = (msgspec.structs.replace(first, stopped=stopped), *others)
    else:
        bench.starter = msgspec.structs.replace(bench.starter, stopped=stopped)
    bench.assert_one("Line 9 stopped: ValueError.", file, "\n")


def test_a_mistake_that_stops_outside_the_functions_is_not_judged(bench: Bench) -> None:
    stopped = (StoppedCode(place="line 2", message="Line 2 stopped: ValueError."),)
    one, *others = bench.mistakes["second-one"]
    bench.mistakes["second-one"] = (msgspec.structs.replace(one, stopped=stopped), *others)
    bench.assert_one("second-one cannot be judged: Line 2 stopped", EXERCISE_YAML, "id: second-one")


def test_a_test_that_fails_for_some_seeds_is_flaky(bench: Bench) -> None:
    bench.solution = (report(), report(["test_drawn"], seed=7), report(["test_drawn"], seed=12), report())
    problem = bench.assert_one("flaky: the solution fails it for seeds 7, 12", HIDDEN_TESTS, "def test_drawn")
    assert "--seed 7" in problem.todo


def test_a_test_that_fails_at_the_second_run_is_flaky(bench: Bench) -> None:
    bench.solution = (report(), report(seed=1), report(["test_first"]))
    bench.assert_one("the solution both passes and fails it for seed 5", HIDDEN_TESTS, "def test_first")


def test_a_test_that_the_solution_never_passes(bench: Bench) -> None:
    bench.solution = tuple(report(["test_first"], seed=seed) for seed in (5, 1, 5))
    bench.assert_one("the solution fails it (the reason)", HIDDEN_TESTS, "def test_first")


def test_a_broken_test_is_reported_once(bench: Bench) -> None:
    wrong = {"test_first": Outcome.JUDGE_BROKEN}
    bench.solution = tuple(report(wrong, seed=seed) for seed in (5, 1, 5))
    bench.starter = report({**BLANK, **wrong})
    bench.assert_one("the test itself is broken (the reason)", HIDDEN_TESTS, "def test_first")


def test_a_broken_test_is_reported_with_its_error_and_line(bench: Bench) -> None:
    broken = report({"test_first": Outcome.JUDGE_BROKEN})
    line = bench.sound.line(HIDDEN_TESTS, "== x[0]")
    error = TestError(says="TypeError: no", line=line)
    *others, last = broken.tests
    tests = (*others, msgspec.structs.replace(last, error=error))
    bench.solution = (msgspec.structs.replace(broken, tests=tests),)
    bench.assert_one("the test itself is broken: TypeError: no", HIDDEN_TESTS, "== x[0]")


def test_a_solution_that_does_not_load_is_reported_once(bench: Bench) -> None:
    bench.solution = (report(dict.fromkeys(TESTS, "It stops.")),)
    bench.assert_one("the solution cannot be judged: It stops.", SOLUTION_PY, "\n")


def test_a_function_without_tests(bench: Bench) -> None:
    bench.sound.replace(
        EXERCISE_YAML,
        "mistakes:\n",
        "  - {signature: last(x), text: The last., returns: {y: float}, hints: [Look behind.]}\nmistakes:\n",
    )
    bench.assert_one("no test covers last", EXERCISE_YAML, "- {signature: last(x)")


def test_the_words_of_a_test_and_the_details_stay_apart(bench: Bench) -> None:
    wrong = report(["test_two"])
    first, *others = wrong.tests
    first = msgspec.structs.replace(first, message="It should be 9\ngot 6.0, expected 9.0\nin scaled(3.0, 3)")
    failing = msgspec.structs.replace(wrong, tests=(first, *others))
    bench.solution = (failing, failing)
    bench.mistakes = {}
    told = [problem.what for problem in bench.findings() if "the solution fails" in problem.what]
    assert told == [
        "test_two: the solution fails it (It should be 9; got 6.0, expected 9.0; in scaled(3.0, 3))"
    ]


# --- tests and starter ---


def test_a_hidden_test_that_no_mistake_fails(bench: Bench) -> None:
    only_visible = report(["test_two"], ["adds-the-factor"])
    bench.mistakes["adds-the-factor"] = (only_visible, only_visible)
    bench.assert_one("test_drawn: no mistake of scaled fails it", HIDDEN_TESTS, "def test_drawn")


def test_a_test_that_one_seed_of_a_mistake_fails_has_caught_something(bench: Bench) -> None:
    first = report(["test_two"], ["adds-the-factor"])
    bench.mistakes["adds-the-factor"] = (first, ADDS[1], first, ADDS[1])
    assert bench.findings() == []


def test_a_starter_that_earns_points(bench: Bench) -> None:
    bench.starter = report({"test_first": BLANK["test_first"], "test_two": Outcome.FAILED})
    bench.assert_one("the starter's scaled earns points (test_drawn)", STARTER_PY, "def scaled")


def test_a_starter_that_does_not_load(bench: Bench) -> None:
    bench.starter = report(dict.fromkeys(TESTS, "It stops."))
    bench.assert_one("the starter cannot be judged: It stops.", STARTER_PY, "\n")


def test_a_starter_with_the_wrong_parameters(bench: Bench) -> None:
    bench.starter = report({**BLANK, "test_first": "first should take (x)."})
    bench.assert_one("first should take (x).", STARTER_PY, "def first")


# --- mistakes ---


def test_a_mistake_that_passes(bench: Bench) -> None:
    bench.mistakes["second-one"] = (report(), report(seed=1))
    flaws = {problem.what for problem in bench.findings()}
    assert "second-one passes every test of first" in flaws
    assert "test_first: no mistake of first fails it" in flaws


def test_a_mistake_that_passes_with_one_seed(bench: Bench) -> None:
    bench.mistakes["second-one"] = (SECOND[0], report(seed=1), SECOND[0], report(seed=1))
    bench.assert_one(
        "second-one passes every test of first for 1 of 2 seeds (1)", EXERCISE_YAML, "id: second-one"
    )


def test_a_mistake_that_a_further_seed_hides(bench: Bench) -> None:
    bench.draws = {"second-one": (report(["test_first"], seed=2), report(seed=3), report(seed=4))}
    bench.assert_one("passes every test of first for 2 of 5 seeds (3, 4)", EXERCISE_YAML, "id: second-one")


def test_what_a_broken_test_says_of_mistakes_does_not_count(bench: Bench) -> None:
    broken = {"test_first": Outcome.JUDGE_BROKEN}
    bench.solution = tuple(report(broken, seed=seed) for seed in (5, 1, 5))
    bench.mistakes["second-one"] = tuple(report(broken, seed=seed) for seed in (5, 1))
    bench.assert_one("the test itself is broken", HIDDEN_TESTS, "def test_first")


def test_a_flaky_mistake(bench: Bench) -> None:
    bench.mistakes["second-one"] = (*SECOND, report(), SECOND[1])
    flaws = [problem.what for problem in bench.findings()]
    assert "second-one is flaky: it both passes and fails test_first for the same seed" in flaws


def test_a_mistake_that_changes_another_function(bench: Bench) -> None:
    wrong = [report(["test_first", "test_drawn"], ["second-one"], seed) for seed in (5, 1)]
    bench.mistakes["second-one"] = (wrong[0], wrong[1])
    bench.assert_one("also changes another function: it fails test_drawn", EXERCISE_YAML, "id: second-one")


def test_a_function_that_uses_a_wrong_function_may_fail_its_tests(bench: Bench) -> None:
    wrong = [report(["test_first", "test_drawn"], ["second-one"], seed) for seed in (5, 1)]
    bench.mistakes["second-one"] = (wrong[0], wrong[1])
    bench.sound.replace(
        SOLUTION_PY, "* factor\n", "* factor + 0 * helper(x)\n\ndef helper(x):\n    return first(x)\n"
    )
    assert bench.findings() == []


def test_a_mistake_that_cannot_be_judged(bench: Bench) -> None:
    bench.mistakes["second-one"] = (report({"test_first": "first should take (x)."}),) * 2
    bench.assert_one("cannot be judged: first should take (x).", EXERCISE_YAML, "id: second-one")


def test_a_mistake_that_is_not_recognized(bench: Bench) -> None:
    bench.mistakes["second-one"] = (SECOND[0], report(["test_first"], seed=1))
    bench.assert_one("second-one is not recognized for seed 1", EXERCISE_YAML, "id: second-one")


def test_a_mistake_that_is_recognized_as_another(bench: Bench) -> None:
    bench.mistakes["second-one"] = (SECOND[0], report(["test_first"], ["second-one", "adds-the-factor"], 1))
    bench.assert_one("is also recognized as adds-the-factor for seed 1", EXERCISE_YAML, "id: second-one")


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (["adds-the-factor", "adds-too"], ["adds-too", "adds-the-factor"], "cannot be told apart"),
        (["adds-the-factor"], ["adds-the-factor"], "cannot be told apart"),
        ([], [], "fail the same tests, and neither is recognized"),
    ],
)
def test_two_equal_mistakes(bench: Bench, first: list[str], second: list[str], what: str) -> None:
    bench.sound.append(EXERCISE_YAML, SECOND_SCALED)
    bench.sound.write("exercises/exercise-x/mistakes/adds_too.py", "def scaled(x, factor=2): ...\n")
    for id_, named in (("adds-the-factor", first), ("adds-too", second)):
        bench.mistakes[id_] = tuple(report(["test_two", "test_drawn"], named, seed) for seed in (5, 1))
    bench.assert_one(f"adds-too and adds-the-factor {what}", EXERCISE_YAML, "- {id: adds-too")


def test_mistakes_that_fail_the_same_tests_may_differ_all_the_same(bench: Bench) -> None:
    bench.sound.append(EXERCISE_YAML, SECOND_SCALED)
    bench.sound.write("exercises/exercise-x/mistakes/adds_too.py", "def scaled(x, factor=2): ...\n")
    for id_ in ("adds-the-factor", "adds-too"):
        bench.mistakes[id_] = tuple(report(["test_two", "test_drawn"], [id_], seed) for seed in (5, 1))
    assert bench.findings() == []


def test_what_a_flaky_test_says_of_mistakes_does_not_count(bench: Bench) -> None:
    bench.solution = (report(), report(["test_drawn"], seed=1), report())
    bench.mistakes["second-one"] = (report(["test_first", "test_drawn"], ["second-one"]), SECOND[1])
    bench.assert_one("flaky", HIDDEN_TESTS, "def test_drawn")
