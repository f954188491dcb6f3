"""Reports of any kind on an exercise with six functions, for tests of what a screen shows."""

from __future__ import annotations

from class_samples import ENVIRONMENT
from hypothesis import strategies as st

from grader.content.course import Course
from grader.judge.report import NamedMistake, Outcome, Report, StoppedCode, TestResult

EXERCISE = Course.bundled().exercise("exercise-lstm")
NAMES = [function.name for function in EXERCISE.functions]
WRONG = [each for each in Outcome if each not in (Outcome.PASSED, Outcome.JUDGE_BROKEN)]

_words = st.lists(st.sampled_from("the shape is (90, 1, 10), expected X[0:9] window".split()), min_size=1)
_line = _words.map(" ".join)
messages = st.lists(_line, min_size=1, max_size=5).map("\n    ".join)


def result(
    function: str, number: int, outcome: Outcome = Outcome.PASSED, message: str = "", title: str = ""
) -> TestResult:
    passed = outcome is Outcome.PASSED
    return TestResult(
        id=f"test_{function}_{number}",
        function=function,
        title=title or f"Title {number} of {function}.",
        outcome=outcome,
        points=1.0,
        score=1.0 if passed else 0.0,
        message="" if passed else message,
        visible=number == 1,
    )


def report(
    tests: list[TestResult],
    mistakes: tuple[NamedMistake, ...] = (),
    stopped: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Report:
    score, best = sum(test.score for test in tests), sum(test.points for test in tests)
    return Report(
        exercise=EXERCISE.id,
        version="v",
        stopped=tuple(StoppedCode(place="line 1", message=message) for message in stopped),
        notes=notes,
        score=score,
        max_score=best,
        passed=score == best,
        tests=tuple(tests),
        mistakes=mistakes,
        seed=1,
        environment=ENVIRONMENT,
        seconds=0.3,
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    tests = []
    for name in NAMES:
        for number in range(1, draw(st.integers(1, 6)) + 1):
            outcome = draw(st.sampled_from([Outcome.PASSED, *WRONG]))
            tests.append(result(name, number, outcome, draw(messages), draw(_line)))
    mistake = EXERCISE.mistakes[0]
    named = NamedMistake(id=mistake.id, misconception="m", says=mistake.says, tests=())
    return report(
        tests,
        draw(st.sampled_from([(), (named,)])),
        tuple(draw(st.lists(messages, max_size=7))),
        tuple(draw(st.lists(_line, max_size=2))),
    )
