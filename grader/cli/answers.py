"""Reads the file of `course quiz --answers`."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.content.kit import SealedQuiz
from grader.content.quiz import Quiz
from grader.content.yaml_core import MAX_BYTES, read_text
from grader.errors import CourseError
from grader.quiz.answers_file import parse_answers


def read_answers(file: str, quiz: Quiz | SealedQuiz) -> dict[str, str]:
    """Return question id -> answer from a YAML or JSON file, or from standard input for "-".

    Raises CourseError if the file cannot be read. The error lists every wrong line.
    """
    if file == "-":
        return parse_answers(_read_stdin(), "standard input", quiz)
    return parse_answers(read_text(Path(file)), file, quiz)


def _read_stdin() -> str:
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise CourseError(
            f"standard input is larger than {MAX_BYTES // 1_000_000} MB — is it the right file?"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(
            f"standard input is not UTF-8 text (byte {error.start}) — save it as UTF-8"
        ) from None
