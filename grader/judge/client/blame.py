"""Find out who is to blame when a judge dies: the submission, or this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from grader.content.course import Course
from grader.errors import EnvironmentProblem
from grader.judge import sentences
from grader.judge.jobs import CellsRun
from grader.judge.report import Outcome, Report, TestResult
from grader.judge.submission import Submission, read_submission

R = TypeVar("R", Report, CellsRun)
OnTest = Callable[[TestResult], None]


class JudgeDied(EnvironmentProblem):
    """The judge process ended without a verdict."""


def check_surely(ask: Callable[[Submission | None, OnTest], Report], course: Course, exercise: str) -> Report:
    """Return the report on a submission, also if it ends the judge.

    `ask` asks a judge that is alive about a submission, None for the learner's, and passes
    on the results of single tests. If two judges die and a third one judges the reference
    solution, the submission is to blame. It keeps the results that it has reached. Raises
    as `ask` does.
    """
    finished: dict[str, TestResult] = {}

    def about_learner() -> Report:
        finished.clear()
        return ask(None, lambda result: finished.update({result.id: result}))

    def about_innocent() -> Report:
        return ask(innocent(course, exercise), lambda result: None)

    return _twice(about_learner, about_innocent, lambda proof: blamed(proof, finished))


def run_cells_surely(ask: Callable[[Submission | None], CellsRun]) -> CellsRun:
    """Return what the cells of a submission show, as `check_surely` does for a report."""

    def crashed(proof: CellsRun) -> CellsRun:
        return CellsRun((), sentences.cells_crashed(), proof.confinement)

    return _twice(lambda: ask(None), lambda: ask(Submission("empty.py", ())), crashed)


def _twice(ask: Callable[[], R], ask_about_innocent: Callable[[], R], blame: Callable[[R], R]) -> R:
    try:
        return ask()
    except EnvironmentProblem as first:
        try:
            return ask()
        except JudgeDied as second:
            if not isinstance(first, JudgeDied):
                raise
            try:
                proof = ask_about_innocent()
            except EnvironmentProblem:
                raise second from None
            return blame(proof)


def innocent(course: Course, exercise: str) -> Submission:
    """Return the reference solution; in a kit, which has none, an empty submission."""
    solution = course.exercise_dir(exercise) / "solution.py"
    return read_submission(solution) if solution.is_file() else Submission("empty.py", ())


def blamed(proof: Report, finished: Mapping[str, TestResult]) -> Report:
    """Return the report on a submission that ended the judge.

    `proof` is the report on another submission with the same seed, which has the same
    tests. `finished` are the results that the judge reached before it ended.
    """
    tests = tuple(finished.get(test.id) or _crashed(test) for test in proof.tests)
    score = sum(test.score for test in tests)
    best = sum(test.points for test in tests)
    return replace(
        proof,
        score=score,
        max_score=best,
        passed=bool(tests) and score == best > 0,
        tests=tests,
        mistakes=(),
        relations=(),
        stopped=(),
        notes=(),
        disturbed=True,
    )


def _crashed(test: TestResult) -> TestResult:
    message = sentences.ended_the_judge()
    return replace(test, outcome=Outcome.CRASHED, score=0.0, message=message, after=())
