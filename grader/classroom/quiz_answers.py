"""Read a learner's answers to a quiz from an answers file or a lesson's notebook."""

from __future__ import annotations

from pathlib import PurePosixPath

from msgspec import Struct

from grader.classroom.names import storable
from grader.content.quiz import Quiz
from grader.errors import SubmissionError
from grader.judge.submission import read_notebook, text_of
from grader.quiz.answers_file import marked, read_lines
from grader.quiz.drawn_values import drawn_quiz
from grader.quiz.notebook_answers import notebook_answers
from grader.quiz.result import QuizResult

MAX_ANSWERS = 200_000  # bytes of a file of answers
MAX_TOLD = 20  # lines of a file whose problems are told


class Paper(Struct, frozen=True):
    """The answers, the refused ones with their reasons, and a problem that concerns no question."""

    answers: dict[str, str]
    refused: dict[str, str]
    problem: str | None = None

    def marked(self, quiz: Quiz) -> QuizResult:
        return marked(quiz, self.answers, self.refused)


def read_answers_file(raw: bytes, path: PurePosixPath, quiz: Quiz) -> Paper:
    """Read a file for `course quiz --answers`, except that a wrong line costs only its question.

    Raises CourseError if the file cannot be read at all.
    """
    if len(raw) > MAX_ANSWERS:
        raise SubmissionError(f"{path} has more than {MAX_ANSWERS // 1000} KB — is it the right file?")
    answers, lines = read_lines(text_of(raw, path), str(path), drawn_quiz(quiz, 0))
    refused = {
        line.question: storable(f"{line.problem.what} — {line.problem.todo}")
        for line in lines
        if line.question
    }
    others = [f"line {line.problem.line}: {line.problem.what}" for line in lines if line.question is None]
    if len(others) > MAX_TOLD:
        others[MAX_TOLD:] = [f"{len(others) - MAX_TOLD} more lines are wrong"]
    return Paper(answers, refused, storable("; ".join(others)) or None)


def read_lesson_notebook(raw: bytes, path: PurePosixPath, quiz: Quiz) -> Paper:
    """Read the answers in a lesson's notebook. Raises SubmissionError if it is not a notebook."""
    cells = read_notebook(raw, path).cells
    answers, refused = notebook_answers(cells, drawn_quiz(quiz, 0).questions)
    return Paper(answers, {question: storable(why) for question, why in refused.items()})
