"""The file of `course quiz --answers`: question id -> answer."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path

import yaml

from grader.content.kit import SealedQuiz
from grader.content.problem import ContentError, Problem
from grader.content.quiz import Quiz
from grader.content.yaml_core import MAX_BYTES, compose, line_of, read_text
from grader.errors import CourseError
from grader.quiz.answer import AnswerRefused, read_answer


def read_answers(file: str, quiz: Quiz | SealedQuiz) -> dict[str, str]:
    """Return the answers in a YAML or JSON file, or on standard input for "-".

    Raises CourseError: for a file that cannot be read, or with every wrong line of it.
    """
    if file == "-":
        return parse_answers(_read_stdin(), "standard input", quiz)
    return parse_answers(read_text(Path(file)), file, quiz)


def parse_answers(text: str, file: str, quiz: Quiz | SealedQuiz) -> dict[str, str]:
    """Return question id -> answer. Raises ContentError with every problem."""
    example = f"write a line for each question, such as `{quiz.questions[0].id}: b`"
    if text.lstrip().startswith("{"):
        text = text.replace("\t", " ")  # JSON may be indented with tabs, YAML may not
    root = compose(text, file)
    if root is None:
        raise ContentError([Problem(file, 1, "the file is empty", example)])
    if not isinstance(root, yaml.MappingNode):
        raise ContentError([Problem(file, line_of(root), "not a mapping of questions to answers", example)])
    answers: dict[str, str] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    for key, value in root.value:
        problem = _problem(key, value, quiz, seen)
        if problem:
            problems.append(Problem(file, line_of(key), *problem))
        elif not _is_blank(value):
            answers[key.value] = _typed(value)
        seen.add(str(key.value))
    if problems:
        raise ContentError(problems)
    return answers


def _problem(
    key: yaml.Node, value: yaml.Node, quiz: Quiz | SealedQuiz, seen: set[str]
) -> tuple[str, str] | None:
    """Return what is wrong with one line, and what to do."""
    question = quiz.question(str(key.value))
    if question is None:
        ids = [q.id for q in quiz.questions]
        shown = repr(key.value) if isinstance(key, yaml.ScalarNode) else "a list or mapping"
        near = get_close_matches(str(key.value), ids, n=1, cutoff=0.4)
        advice = f"did you mean {near[0]}?" if near else f"the questions are {', '.join(ids)}"
        return f"no question of quiz {quiz.id} is called {shown}", advice
    if question.id in seen:
        return f"{question.id} is answered twice", "delete one of the lines"
    if _is_blank(value):
        return None
    try:
        read_answer(question, _typed(value))
    except AnswerRefused as refused:
        shown = _typed(value)[:40]
        return f"{shown!r} is not an answer to {question.id}", str(refused)
    return None


def _typed(value: yaml.Node) -> str:
    """Return an answer as one would type it; a list, such as [a, c], is one answer."""
    if isinstance(value, yaml.SequenceNode):
        return ", ".join(map(_typed, value.value))
    return str(value.value).strip() if isinstance(value, yaml.ScalarNode) else "{…}"


def _is_blank(value: yaml.Node) -> bool:
    """A question whose answer was left empty."""
    return isinstance(value, yaml.ScalarNode) and value.tag.endswith(":null")


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
