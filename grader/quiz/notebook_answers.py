"""Answers to questions in a notebook, read as text. Nothing is executed."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Sequence

from grader.content.notebook_cells import NO_TEXT, CellType, NotebookCell
from grader.quiz.answer import AnswerRefused, AnyQuestion, form_of, read_answer, refusal

MAX_ANSWER_CELL = 20_000  # characters
MAX_SHOWN = 60


def answer_name(question_id: str) -> str:
    """Return the variable name for the answer to a question."""
    return f"answer_{question_id.replace('-', '_')}"


def typed_answer(cells: Iterable[NotebookCell], question_id: str) -> str | None:
    """Return the value that a notebook assigns to a question's variable, as text.

    The last assignment counts, as in Jupyter. Return None if there is no assignment, or it assigns None.
    """
    answer: str | None = None
    for cell in cells:
        if cell.type is CellType.CODE and not cell.is_test:
            for value in _assigned(cell.source, answer_name(question_id)):
                answer = _text(value)
    return answer


def written_text(cells: Iterable[NotebookCell], question_id: str) -> str | None:
    """Return what a learner wrote into the cell for an essay, or None."""
    written = (cell.source.strip() for cell in cells if cell.is_manual_text and cell.grade_id == question_id)
    return next((text for text in written if text not in ("", NO_TEXT)), None)


def notebook_answers(
    cells: Sequence[NotebookCell], questions: Iterable[AnyQuestion]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return question id -> answer, and question id -> the reason why its text cannot be marked."""
    answers, refused = {}, {}
    for question in questions:
        typed = typed_answer(cells, question.id)
        if form_of(question).kind == "essay":
            typed = written_text(cells, question.id) or typed
        if typed is None or not typed.strip():
            continue
        try:
            answers[question.id] = read_answer(question, typed)
        except AnswerRefused as why:
            refused[question.id] = refusal(why, shortened(typed))
    return answers, refused


def shortened(typed: str) -> str:
    """Return typed text as one short line."""
    line = " ".join(typed.split())
    return line if len(line) <= MAX_SHOWN else line[: MAX_SHOWN - 1] + "…"


def _assigned(source: str, name: str) -> Iterator[ast.expr]:
    """Yield the expressions that a cell assigns to a name. If the cell does not parse, try each line."""
    if name not in source or len(source) > MAX_ANSWER_CELL:
        return
    tree = _parsed(source)
    statements = (
        tree
        if tree is not None
        else [s for line in source.splitlines() if name in line for s in _parsed(line) or ()]
    )
    for statement in statements:
        if isinstance(statement, ast.Assign):
            targets: list[ast.expr] = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            assert statement.value is not None
            yield statement.value


def _parsed(source: str) -> list[ast.stmt] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the learner's code, which is not run
            return ast.parse(source.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _text(value: ast.expr) -> str | None:
    """Return an expression as a learner would type it: "b", "a, c", "(None, 10)", "4 * 5"."""
    if isinstance(value, ast.Constant) and (value.value is None or isinstance(value.value, str)):
        return value.value
    if isinstance(value, ast.Name):
        return value.id  # a letter without quotes
    if isinstance(value, ast.Tuple | ast.List | ast.Set):
        texts = [e.value for e in value.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
        if texts and len(texts) == len(value.elts):
            return ", ".join(texts)
    try:
        return ast.unparse(value)
    except (ValueError, RecursionError):
        return "the cell's value"
