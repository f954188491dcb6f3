"""The answers to a quiz that somebody handed in: in a file of answers, or in a lesson's notebook."""

from __future__ import annotations

from pathlib import PurePosixPath

from msgspec import Struct

from grader.classroom.names import storable
from grader.content.quiz import Quiz
from grader.judge.submission import code_cells, text_of
from grader.quiz.answers_file import marked, read_lines
from grader.quiz.drawing import drawn_quiz
from grader.quiz.notebook_answers import notebook_answers
from grader.quiz.result import QuizResult


class Paper(Struct, frozen=True):
    """What was answered; what cannot be an answer, by question; and what is about no question at all."""

    answers: dict[str, str]
    refused: dict[str, str]
    problem: str | None = None

    def marked(self, quiz: Quiz) -> QuizResult:
        return marked(quiz, self.answers, self.refused)


def read_answers_file(raw: bytes, path: PurePosixPath, quiz: Quiz) -> Paper:
    """Read what `course quiz --answers` takes; here one wrong line costs one question.

    Raises CourseError if nothing of it can be read.
    """
    answers, lines = read_lines(text_of(raw, path), str(path), drawn_quiz(quiz, 0))
    refused = {
        line.question: storable(f"{line.problem.what} — {line.problem.todo}")
        for line in lines
        if line.question
    }
    others = [f"line {line.problem.line}: {line.problem.what}" for line in lines if line.question is None]
    return Paper(answers, refused, storable("; ".join(others)) or None)


def read_lesson_notebook(raw: bytes, path: PurePosixPath, quiz: Quiz) -> Paper:
    """Read a notebook of `course nbgrader build`. Raises SubmissionError if it is none."""
    cells = [
        {"cell_type": "code", "source": source, "metadata": _metadata(metadata)}
        for source, metadata in code_cells(path, text_of(raw, path))
    ]
    answers, refused = notebook_answers(cells, drawn_quiz(quiz, 0).questions)
    return Paper(answers, {question: storable(why) for question, why in refused.items()})


def _metadata(metadata: object) -> dict[str, object]:
    """Return of a cell's metadata, which may be anything, what tells tests from answers."""
    own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return {"nbgrader": own} if isinstance(own, dict) else {}
