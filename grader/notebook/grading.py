"""Turn cells into a submission or answers, and reports into the outputs of cells."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct, structs

from grader.content.exercise import Exercise
from grader.content.notebook_cells import TEST, read_cell
from grader.content.questions import Question
from grader.judge.jobs import CellsRun, ShownCell
from grader.judge.report import Report
from grader.judge.submission import Submission, labeled, learner_cells
from grader.judge.verdict import (
    function_lines,
    number,
    one_reason_for_all,
    results_of,
    surroundings_lines,
)
from grader.judge.wire.messages import Cell
from grader.notebook.repair import AnyCell, cells_of_file, grade_id_of_put_back, sources_put_back
from grader.quiz.answer import AnswerRefused, mark, read_answer, refusal, what_to_type
from grader.quiz.notebook_answers import shortened
from grader.tutor.hint_sources import first_hint

UNCONFINED = "Your code ran unconfined: this machine has no sandbox."
# an instructor's own test may be changed by the learner's code, unlike those of the course
SHARED = (
    "This test ran in the same process as your code, as in plain nbgrader. "
    "It is not protected like the course's own tests."
)
NOT_RUN = "This test did not run because your code stopped before it."
UNKNOWN_TEST = (
    "This test was not run: it belongs to an exercise or a question that is no longer in the course.",
    "Your instructor has to grade it.",
)


class Grade(Struct, frozen=True):
    """The grade of one test cell: its score and its lines of feedback."""

    score: float
    lines: tuple[str, ...]


def exercise_of(grade_id: str) -> tuple[str, str] | None:
    """Return the exercise and function of a test cell; None if its id does not name them."""
    exercise, mark, function = grade_id.removesuffix(TEST).rpartition("--")
    return (exercise, function) if mark and grade_id.endswith(TEST) else None


def question_of(grade_id: str) -> str:
    """Return the id of the question that a test cell grades."""
    return grade_id.removesuffix(TEST)


# --- exercises ---


def submission_of(cells: Sequence[AnyCell], name: str) -> Submission:
    """Return the learner's code in a repaired notebook, as `course check` reads it from the same file."""
    own = (cell for cell, _ in cells_of_file(cells))
    return Submission(name, learner_cells(own, sources_put_back(cells)))


def with_own_tests(cells: Sequence[AnyCell], submission: Submission) -> Submission:
    """Return the learner's submission with the instructor's own tests, in the order of the notebook."""
    learners = {cell.label: cell for cell in submission.cells}
    found: list[Cell] = []
    for label, node in _labeled(cells):
        cell = read_cell(node)
        if cell.is_own_test:
            found.append(Cell(label, cell.source, notebook=True, as_one=True))
        elif label in learners:
            found.append(learners[label])
    return structs.replace(submission, cells=tuple(found))


def _labeled(cells: Iterable[AnyCell]) -> Iterator[tuple[str, AnyCell]]:
    """Yield a label for each code cell of the learner's file and each own test that was put back."""
    cells = [*cells]
    labels = {id(node): label for label, node in labeled(cells_of_file(cells))}
    for node in cells:
        if id(node) in labels:
            yield labels[id(node)], node
        elif read_cell(node).is_own_test and (grade_id := grade_id_of_put_back(node)):
            yield f"the test {grade_id}", node


def with_loading(grade: Grade, report: Report) -> Grade:
    """Add what stopped while the submission was loaded, and how it was read, to an exercise's first grade."""
    return Grade(grade.score, (*filter(None, surroundings_lines(report)), *grade.lines))


def function_grade(
    report: Report, exercise: Exercise, name: str, points: float, notes: Iterable[str] = ()
) -> Grade:
    """Return the grade of one function, whose cell is worth `points`.

    The score is that of the report. If the cell is not worth as many points as
    the tests, the score is scaled.
    """
    results, function = results_of(report, name), exercise.function(name)
    if function is None or not results:
        reason = f"The exercise no longer has tests for {name}: full points."
        return Grade(float(points), (reason, *_noted(notes)))
    score, best = sum(r.score for r in results), sum(r.points for r in results)
    lines = [*function_lines(report, exercise, function, set(), lambda s: f"section {s} of the lesson")]
    if score < best and not one_reason_for_all(report) and (hint := first_hint(exercise, function, report)):
        lines.append(f"  hint    {hint}")
    if best != points:
        lines.append(
            f"Test score: {number(score)} of {number(best)}, scaled to the cell's {number(points)} points."
        )
    if not report.environment.confinement.walled:
        lines.append(UNCONFINED)
    return Grade(share(score, best, points), (*lines, *_noted(notes)))


def share(score: float, best: float, points: float) -> float:
    """Return the score of a cell that is worth `points`, for tests that are worth `best`.

    Broken tests are worth nothing, so they never cost the learner points.
    """
    if score == best:
        return float(points)
    if best == points:
        return float(score)
    return float(min(points, max(0.0, score / best * points)))


# --- questions ---


def answer_grade(question: Question, typed: str | None, points: float, notes: Iterable[str] = ()) -> Grade:
    """Return the grade of an answer as it was typed; `typed` is None if there is no answer."""
    if typed is None or not typed.strip():
        return Grade(0.0, (f"No answer. {what_to_type(question)}", *_noted(notes)))
    try:
        verdict = mark(question, read_answer(question, typed))
    except AnswerRefused as refused:
        return Grade(0.0, (refusal(refused, shortened(typed)), *_noted(notes)))
    result = f"{'Right' if verdict.correct else 'Not right'}: {verdict.answer}."
    feedback = tuple(verdict.feedback.strip().splitlines())
    return Grade(share(verdict.score, float(question.worth), points), (result, *feedback, *_noted(notes)))


# --- outputs ---


def outputs(grade: Grade) -> list[dict[str, Any]]:
    """Return the outputs of a test cell: first the feedback, then the score that nbgrader reads."""
    # a plain float, because nbgrader may give full points for anything else
    score = {"text/plain": repr(float(grade.score))}
    return [
        _displayed(grade.lines),
        {"output_type": "execute_result", "data": score, "metadata": {}, "execution_count": None},
    ]


def own_test_outputs(
    cells: Iterable[AnyCell], run: CellsRun, notes: Callable[[str], Iterable[str]]
) -> Iterator[tuple[AnyCell, list[dict[str, Any]]]]:
    """Yield each of the instructor's own tests, with outputs from which nbgrader reads its score.

    An error is 0 points, a number as the last value is that many points, and anything
    else is all points. A test that did not run gets an error. `notes` returns the
    notes on a test, given its grade id.
    """
    shown = {each.label: each for each in run.cells}
    about = (SHARED,) if run.confinement.walled else (SHARED, UNCONFINED)
    for label, node in _labeled(cells):
        cell = read_cell(node)
        if not cell.is_own_test:
            continue
        test = shown.get(label)
        if test is None:
            test = ShownCell(label, error_type="NotRun", error=run.ended or NOT_RUN)
        elif test.error_type:
            test = structs.replace(test, value="")  # or a value before the error would be the score
        yield node, [_displayed((*about, *_noted(notes(cell.grade_id)))), *_jupyter_outputs(test)]


def shown_outputs(
    cells: Iterable[AnyCell], shown: Iterable[ShownCell]
) -> Iterator[tuple[AnyCell, list[dict[str, Any]]]]:
    """Yield each learner cell that ran, with its outputs as Jupyter writes them."""
    by_label = {label: node for label, node in _labeled(cells) if not read_cell(node).is_own_test}
    for each in shown:
        if each.label in by_label:
            yield by_label[each.label], [*_jupyter_outputs(each)]


def _jupyter_outputs(shown: ShownCell) -> Iterator[dict[str, Any]]:
    if shown.printed:
        yield {"output_type": "stream", "name": "stdout", "text": shown.printed}
    if shown.value:
        data = {"text/plain": shown.value}
        yield {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
    if shown.error_type:
        error = {"ename": shown.error_type, "evalue": shown.error, "traceback": [shown.error]}
        yield {"output_type": "error", **error}


def _displayed(lines: Sequence[str]) -> dict[str, Any]:
    """Return an output that shows lines of feedback. nbgrader reads no score from it."""
    data = {"text/plain": "\n".join(lines), "text/html": _page(lines)}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _page(lines: Sequence[str]) -> str:
    first, rest = html.escape(lines[0] if lines else ""), html.escape("\n".join(lines[1:]))
    body = f'<pre style="white-space: pre-wrap; margin: 0">{rest}</pre>' if rest else ""
    return f"<div><strong>{first}</strong>{body}</div>"


def _noted(notes: Iterable[str]) -> Iterator[str]:
    return (f"Note: {note}" for note in notes)
