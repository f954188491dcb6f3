"""Templates of new questions, in a quiz or among the practice questions of a lesson."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Literal
from zlib import crc32

from msgspec import Struct

from grader.authoring.new.files import Files, schema_line
from grader.authoring.new.yaml_text import plain, text, with_item
from grader.content.arithmetic import FUNCTIONS, FormulaError, evaluate
from grader.content.course import Course
from grader.content.lesson import Lesson
from grader.content.value_questions import PLACEHOLDER
from grader.content.yaml_core import compose, read_text

Kind = Literal["single", "multiple", "numeric", "shape", "text", "ordering", "matching", "essay"]
_PARTS = {"matching": "pairs", "essay": "criteria"}
KINDS: tuple[Kind, ...] = ("single", "multiple", "numeric", "shape", "text", "ordering", "matching", "essay")


class NewQuestion(Struct, frozen=True, kw_only=True):
    """What an author has said about a new question; what is empty becomes a placeholder."""

    id: str
    kind: Kind
    concept: str
    section: str
    prompt: str = ""
    answers: tuple[str, ...] = ()  # the right options or texts, the value or formula, or the items in order
    wrong: tuple[str, ...] = ()  # wrong options or values

    @property
    def answer(self) -> str:
        """The first answer, or ""."""
        return next(iter(self.answers), "")

    @property
    def entry(self) -> str:
        """The question as YAML."""
        lines = [
            f"id: {self.id}",
            f"kind: {self.kind}",
            f"concepts: [{self.concept}]",
            f'section: "{self.section}"',
            f"prompt: {_or_todo(self.prompt, 'ask something that a learner can work out.')}",
            *_BODIES[self.kind](self),
            "hints:",
            '  - "TODO: point to where to look, without the answer."',
            '  - "TODO: say what to do first."',
            'explain: "TODO: explain the whole answer, for everybody who has finished with the question."',
        ]
        return "\n".join(lines) + "\n"


def free_id(start: str, taken: Sequence[str]) -> str:
    """Return the first id `start`1, `start`2 … that is not taken."""
    number = 1
    while f"{start}{number}" in taken:
        number += 1
    return f"{start}{number}"


def question_ids(course: Course) -> list[str]:
    """Return the ids of all questions, also of those that are not complete yet. Raises CourseError."""
    found = []
    for path in (*course.root.glob("quizzes/*.yaml"), *course.root.glob("quizzes/practice/*.yaml")):
        match plain(compose(read_text(path), str(path))):
            case {"questions": [*questions]}:
                found += [str(each["id"]) for each in questions if isinstance(each, dict) and "id" in each]
    return found


def add_to_practice(course: Course, lesson_id: str, question: NewQuestion) -> Files:
    """Return the practice questions of a lesson with one more. Raises CourseError."""
    name = f"quizzes/practice/{lesson_id}.yaml"
    head = f"{schema_line('practice', 2)}id: {lesson_id}\nlesson: {lesson_id}\nquestions: []\n"
    return _added(course, name, head, question)


def add_to_quiz(course: Course, quiz_id: str, title: str, lesson: Lesson, question: NewQuestion) -> Files:
    """Return a quiz with one more question, and its lesson, which asks it. Raises CourseError."""
    head = (
        f"{schema_line('quiz', 1)}id: {quiz_id}\ntitle: {text(title)}\nlesson: {lesson.id}\nquestions: []\n"
    )
    files = _added(course, f"quizzes/{quiz_id}.yaml", head, question)
    index = [section.id for section in lesson.sections].index(question.section)
    name = f"lessons/{lesson.id}.yaml"
    path = ("sections", index, "questions")
    changed = with_item(read_text(course.root / name), path, question.id, name)
    return Files(created=files.created, changed={**files.changed, name: changed})


def _added(course: Course, name: str, head: str, question: NewQuestion) -> Files:
    path = course.root / name
    is_new = not path.exists()
    whole = with_item(head if is_new else read_text(path), ("questions",), question.entry, name)
    return Files(created={name: whole}) if is_new else Files(changed={name: whole})


def _or_todo(value: str, words: str) -> str:
    return text(value or f"TODO: {words}")


def _options(question: NewQuestion) -> list[str]:
    """Return the options. The id decides where the right ones are: the first sitting keeps this order."""
    right = [
        _option(each, "the right answer", "say why it is right.", True) for each in question.answers or ("",)
    ]
    if question.kind == "multiple" and len(right) == 1:
        right.append(_option("", "another right answer", "say why this one is right, too.", True))
    named = [(wrong, f"say which idea leads to: {wrong}") for wrong in question.wrong]
    unnamed = [("", "say what is wrong with it."), ("", "say which idea leads there.")]
    words = ["a tempting wrong answer", "another tempting wrong answer"]
    options = [_option(value, words[i % 2], why, False) for i, (value, why) in enumerate(named or unnamed)]
    for i, option in enumerate(right):
        options.insert(crc32(f"{question.id} {i}".encode()) % (len(options) + 1), option)
    return ["options:", *(line for option in options for line in option)]


def _option(value: str, what: str, why: str, correct: bool) -> list[str]:
    marked = ["    correct: true"] if correct else []
    return [f"  - text: {_or_todo(value, what)}", *marked, f"    why: {text(f'TODO: {why}')}"]


def answers_flaw(kind: str, count: int) -> str:
    """Return why a question of this kind cannot be given so many answers, or ""."""
    if count and kind in ("matching", "essay"):
        return (
            f"--answer is not used for a question of the kind {kind}: write its {_PARTS[kind]} in the file."
        )
    if count > 1 and kind in ("single", "numeric", "shape"):
        return f"a question of the kind {kind} has one answer: give --answer once."
    if count == 1 and kind == "ordering":
        return "an ordering question has several items: repeat --answer, in the right order."
    return ""


def wrong_flaw(kind: str) -> str:
    """Return why a question of this kind cannot be given wrong answers, or ""."""
    if kind == "ordering":
        return "--wrong is not used for a question of the kind ordering: every other order is wrong."
    if kind in _PARTS:
        return f"--wrong is not used for a question of the kind {kind}: write its {_PARTS[kind]} in the file."
    return ""


def answer_flaw(kind: str, formula: str) -> str:
    """Return why a formula cannot be the answer of a new question, or ""."""
    try:
        value = evaluate(formula, dict.fromkeys(_names(formula), 2.0))
    except FormulaError as error:
        return f"{formula!r}: {error}."
    if kind == "shape" and not isinstance(value, tuple):
        return f"{formula!r} is not a shape in parentheses, such as (62, 10)."
    return ""


def _names(formula: str) -> list[str]:
    """Return the names in a formula, whose values are drawn."""
    try:
        nodes = ast.walk(ast.parse(formula, mode="eval"))
    except (SyntaxError, ValueError):
        return []
    return list(dict.fromkeys(n.id for n in nodes if isinstance(n, ast.Name) and n.id not in FUNCTIONS))


def _value(question: NewQuestion) -> list[str]:
    lines = []
    formulas = (question.answer, *question.wrong, *PLACEHOLDER.findall(question.prompt))
    if names := dict.fromkeys(name for each in formulas for name in _names(each)):
        lines.append("draw:  # in texts, {{name}} becomes the value that was drawn")
        lines += [f"  {name}: [3, 5, 8]" for name in names]
    lines.append(f"answer: {_formula(question.answer)}")
    if question.wrong:
        lines.append("wrong:")
        for wrong in question.wrong:
            why = text(f"TODO: say how one arrives at {wrong}.")
            lines += [f"  - value: {_formula(wrong)}", f"    why: {why}"]
    return [*lines, 'otherwise: "TODO: say what to check, for every other wrong answer."']


def _formula(value: str) -> str:
    """Return a formula as YAML: a number as it is, all else as text."""
    return value if re.fullmatch(r"-?\d+(\.\d+)?", value) else text(value)


def _words(question: NewQuestion) -> list[str]:
    """Return the answers of a text question. Case, spaces and hyphens do not matter."""
    lines = ["answers:  # all ways to say it"]
    lines += [f"  - {_or_todo(each, 'the right word or words')}" for each in question.answers or ("",)]
    named = [(wrong, f"say which idea leads to: {wrong}") for wrong in question.wrong]
    lines.append("wrong:")
    for wrong, why in named or [("", "say which idea leads there.")]:
        answer = _or_todo(wrong, "a tempting wrong answer")
        lines += ["  - answers:", f"      - {answer}", f"    why: {text(f'TODO: {why}')}"]
    return [*lines, 'otherwise: "TODO: say what to look at, for every other wrong answer."']


def _items(question: NewQuestion) -> list[str]:
    steps = question.answers or tuple(f"TODO: the {each} step" for each in ("first", "second", "third"))
    return [
        "items:  # in the right order",
        *(f"  - {text(step)}" for step in steps),
        'otherwise: "TODO: say what to look at, for every wrong order."',
    ]


def _pairs(question: NewQuestion) -> list[str]:
    lines = ["pairs:  # learners see the matches in another order"]
    for which in ("first", "second", "third"):
        lines += [f'  - item: "TODO: the {which} item"', f'    match: "TODO: the match of the {which} item"']
    return [*lines, 'otherwise: "TODO: say what to look at, for every wrong answer."']


def _criteria(question: NewQuestion) -> list[str]:
    return ["points: 2", "criteria:", '  - "TODO: what earns a point"', '  - "TODO: what earns another"']


_BODIES = {
    "single": _options,
    "multiple": _options,
    "numeric": _value,
    "shape": _value,
    "text": _words,
    "ordering": _items,
    "matching": _pairs,
    "essay": _criteria,
}
