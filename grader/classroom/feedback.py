"""Feedback for one learner on one exercise: what a learner may see of a result, as data.

A report holds nothing of hidden tests but their titles and the author's messages.
What else a result holds, such as notes on files of the class, is for the instructor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from grader.classroom.machine_paths import without_machine_paths
from grader.classroom.results import AdjustmentKind, Result
from grader.content.exercise import Exercise, Function
from grader.judge.report import Outcome, Report
from grader.judge.submission import Submission
from grader.judge.verdict import (
    count,
    function_lines,
    is_right,
    number,
    one_reason_for_all,
    passed,
    results_of,
    surroundings_lines,
)
from grader.tutor.hint_sources import first_hint
from grader.tutor.parts import Part

NOTHING: Mapping[str, str] = MappingProxyType({})
_ANOTHER = "If another one should count, tell your instructor."
MAX_LINES = 5_000  # lines of code on a page; nobody reads more


class Code(Struct, frozen=True):
    """One cell or file of the learner's code. `left_out` is the number of lines beyond MAX_LINES."""

    label: str
    lines: tuple[str, ...]
    left_out: int = 0


class Feedback(Struct, frozen=True, kw_only=True):
    """All that a page shows. `note` says why the code of an exercise is missing, if it is."""

    learner: str
    exercise: str  # or the id of a quiz
    title: str
    parts: tuple[Part, ...]
    code: tuple[Code, ...] = ()
    note: str = ""


def feedback_on(
    result: Result, exercise: Exercise, submission: Submission | None, said: Mapping[str, str] = NOTHING
) -> Feedback:
    """Return the feedback on a result that is graded or unreadable.

    `submission` is the code that was graded; None if it is not known any more. `said`
    holds the instructor's sentences about wrong functions.
    """
    title = f"{exercise.title}: {points_of(result.score, result.max_score)}"
    parts = [unread(result)] if result.report is None else [*_parts(result.report, exercise, said)]
    code = () if submission is None else tuple(_codes(submission))
    note = "" if code or result.report is None else "The code that was graded is not available any more."
    return Feedback(
        learner=result.learner,
        exercise=exercise.id,
        title=title,
        parts=readable((*parts, *choice(result), *decisions(result)), result, submission),
        code=code,
        note=note,
    )


def readable(parts: Iterable[Part], result: Result, submission: Submission | None = None) -> tuple[Part, ...]:
    """Return the parts without paths of the instructor's machine or of the class.

    Paths in the learner's own code are kept.
    """
    own = "" if submission is None else "\n".join(source for _, source in _texts(submission))

    def kept(line: str) -> str:
        for directory in PurePosixPath(result.file).parents:
            if directory.name:
                line = line.replace(f"{directory}/", "")
        return without_machine_paths(line, own)

    return tuple(replace(part, lines=tuple(map(kept, part.lines))) for part in parts)


def unread(result: Result) -> Part:
    """Return the part that says why a file was not graded."""
    problem = result.problem or "it is not a submission"
    return Part("Not graded", (f"Your file could not be read: {problem}.",))


def choice(result: Result) -> tuple[Part, ...]:
    """Return the part that says which of the learner's files or attempts counts, if there are several."""
    return (Part("Which of your files counts", (*result.told, _ANOTHER)),) if result.told else ()


def decisions(result: Result) -> tuple[Part, ...]:
    """Return the part with late work, decisions and comments, if there are any. Marks are elsewhere."""
    told = [each.says for each in result.adjustments if each.kind is not AdjustmentKind.MARK]
    return (Part("From your instructor", tuple(" ".join(says.split()) for says in told)),) if told else ()


def _parts(report: Report, exercise: Exercise, said: Mapping[str, str]) -> Iterator[Part]:
    right = sum(result.outcome is Outcome.PASSED for result in report.tests)
    yield Part("Result", (f"{right} of {count(len(report.tests), 'test')} passed.",))
    if surroundings := [*filter(None, surroundings_lines(report))]:
        yield Part("While your code was loaded", tuple(surroundings))
    tested = [function for function in exercise.functions if results_of(report, function.name)]
    correct = [function for function in tested if is_right(results_of(report, function.name))]
    if correct:
        lines = (
            f"  {_head(report, function)}, {passed(results_of(report, function.name))}"
            for function in correct
        )
        yield Part("Correct", tuple(lines))
    shown: set[str] = set()
    for function in tested:
        if function not in correct:
            yield Part(_head(report, function), tuple(_wrong(report, exercise, function, shown, said)))


def _wrong(
    report: Report, exercise: Exercise, function: Function, shown: set[str], said: Mapping[str, str]
) -> Iterator[str]:
    _, *lines = function_lines(report, exercise, function, shown, lambda section: f"section {section}")
    yield from lines
    if function.name in said:
        yield f"  idea    {said[function.name]}"
    if not one_reason_for_all(report) and (hint := first_hint(exercise, function, report)):
        yield f"  hint    {' '.join(hint.split())}"


def _head(report: Report, function: Function) -> str:
    results = results_of(report, function.name)
    return f"{function.name}: {points_of(sum(r.score for r in results), sum(r.points for r in results))}"


def points_of(score: float, best: float) -> str:
    """Return a score and the maximum as words."""
    return f"{number(score)} of {number(best)} points"


def _texts(submission: Submission) -> Iterator[tuple[str, str]]:
    yield from ((cell.label, cell.source) for cell in submission.cells)
    yield from ((file.path, file.source) for file in submission.files)


def _codes(submission: Submission) -> Iterator[Code]:
    room = MAX_LINES
    for label, source in _texts(submission):
        lines = source.split("\n")
        kept = tuple(lines[:room])
        room -= len(kept)
        yield Code(label, kept, len(lines) - len(kept))
