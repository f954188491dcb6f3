"""Files of answers: reading question id -> answer, and marking the answers."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import yaml
from msgspec import Struct
from msgspec.structs import replace

from grader.content.course import content_hash
from grader.content.kit import SealedQuiz
from grader.content.problem import ContentError, Problem
from grader.content.quiz import Quiz
from grader.content.yaml_core import compose, line_of
from grader.quiz.answer import AnswerRefused, AnswerTooRough, read_answer
from grader.quiz.result import QuizResult, result
from grader.quiz.sitting import Answered, apply, begin


class RefusedLine(Struct, frozen=True):
    """A line that cannot be used. `question` is None if the line names no question of the quiz."""

    question: str | None
    problem: Problem


def parse_answers(text: str, file: str, quiz: Quiz | SealedQuiz) -> dict[str, str]:
    """Return question id -> answer. `quiz` has drawn values. Raises ContentError with all problems."""
    answers, refused = read_lines(text, file, quiz)
    if refused:
        raise ContentError([each.problem for each in refused])
    return answers


def read_lines(text: str, file: str, quiz: Quiz | SealedQuiz) -> tuple[dict[str, str], list[RefusedLine]]:
    """Return the answers and the refused lines. Raises ContentError if the file is not a mapping."""
    example = f"write a line for each question, such as `{quiz.questions[0].id}: b`"
    if text.lstrip().startswith("{"):
        text = text.replace("\t", " ")  # JSON allows tabs as indentation, YAML does not
    root = compose(text, file)
    if root is None:
        raise ContentError([Problem(file, 1, "the file is empty", example)])
    if not isinstance(root, yaml.MappingNode):
        raise ContentError([Problem(file, line_of(root), "not a mapping of questions to answers", example)])
    answers: dict[str, str] = {}
    refused: list[RefusedLine] = []
    seen: set[str] = set()
    for key, value in root.value:
        problem = _problem(key, value, quiz, seen)
        if problem:
            question = quiz.question(str(key.value))
            about = None if question is None else question.id
            refused.append(RefusedLine(about, Problem(file, line_of(key), *problem)))
        elif not _is_blank(value):
            answers[key.value] = _typed(value)
        seen.add(str(key.value))
    return answers, refused


def marked(quiz: Quiz, answers: Mapping[str, str], refused: Mapping[str, str]) -> QuizResult:
    """Return the result of answers, marked as a first sitting.

    `refused` maps a question to the reason why its text is not an answer. The
    reason becomes the question's feedback, and the question scores nothing.
    """
    sitting = begin(quiz)
    for question in quiz.questions:
        if question.id in answers and question.id not in refused:
            sitting, _ = apply(sitting, Answered(question.id, answers[question.id]))
    unexplained = result(sitting, content_hash(quiz))
    questions = (replace(q, feedback=refused.get(q.id, q.feedback)) for q in unexplained.questions)
    return replace(unexplained, questions=tuple(questions))


def _problem(
    key: yaml.Node, value: yaml.Node, quiz: Quiz | SealedQuiz, seen: set[str]
) -> tuple[str, str] | None:
    """Return the problem of one line and what to do about it, or None."""
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
    except AnswerTooRough as refused:
        return f"{_typed(value)[:40]!r} is rounded too much for {question.id}", str(refused)
    except AnswerRefused as refused:
        shown = _typed(value)[:40]
        return f"{shown!r} is not an answer to {question.id}", str(refused)
    return None


def _typed(value: yaml.Node) -> str:
    """Return an answer as typed text. A list, such as [a, c], is one answer."""
    if isinstance(value, yaml.SequenceNode):
        return ", ".join(map(_typed, value.value))
    return str(value.value).strip() if isinstance(value, yaml.ScalarNode) else "{…}"


def _is_blank(value: yaml.Node) -> bool:
    """Return True if the answer was left empty."""
    return isinstance(value, yaml.ScalarNode) and value.tag.endswith(":null")
