"""Texts that a learner's notebook or kit must not contain, and all texts that a notebook contains."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.content.course import Course
from grader.content.questions import OrderingQuestion, SingleQuestion
from grader.content.quiz import Quiz

MIN_CHARACTERS = 16  # shorter texts, such as `return text`, give nothing away


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def strings(value: Any) -> Iterator[str]:
    """Yield every text in a notebook: sources, outputs, metadata, and their keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def held_back(course: Course, lesson_id: str, hints: bool = True) -> set[str]:
    """Return the texts that nobody may read before grading, except those that learners receive anyway.

    With `hints`, hints are held back too, as in notebooks. Kits include them.
    """
    lesson = course.lesson(lesson_id)
    given, hidden = [section.text for section in lesson.sections], []
    help_with = hidden if hints else given
    for source in (*map(course.quiz, course.quiz_ids), *map(course.practice, course.practice_ids)):
        for question in source.questions:
            if isinstance(source, Quiz):
                given.append(question.prompt)
                help_with += question.hints
            else:
                hidden += [question.prompt, *question.hints]
            hidden += [question.explain, *getattr(question, "criteria", ())]
            for wrong in getattr(question, "wrong", ()):
                hidden.append(wrong.why)
            hidden.append(getattr(question, "otherwise", ""))
            if isinstance(question, SingleQuestion):
                given += [option.text for option in question.options] if isinstance(source, Quiz) else []
                hidden += [option.why for option in question.options]
                hidden += [option.hint for option in question.options if option.hint]
            elif not isinstance(question, OrderingQuestion):
                hidden += ["correct: true"]
    hidden += [text for m in lesson.misconceptions for text in (m.belief, m.correction)]
    for exercise_id in course.exercise_ids:
        exercise, directory = course.exercise(exercise_id), course.exercise_dir(exercise_id)
        given += [exercise.text, *(function.text for function in exercise.functions)]
        given += [(directory / name).read_text() for name in ("starter.py", "visible_tests.py")]
        hidden += [text for mistake in exercise.mistakes for text in (mistake.says, *mistake.hints)]
        visible = ast.parse((directory / "visible_tests.py").read_text()).body
        names = {node.name for node in visible if isinstance(node, ast.FunctionDef)}
        for name, test in exercise.tests.items():
            (help_with if name in names else hidden).extend(test.hints)
        help_with += [hint for function in exercise.functions for hint in function.hints]
        help_with += [function.example or "" for function in exercise.functions]
        for path in (directory / "solution.py", directory / "hidden_tests.py", *_mistakes(directory)):
            hidden += path.read_text().splitlines()
    known = plain("\n".join(given))
    # a line may hold nothing but a quoted name, such as "create_sequences",
    return {
        text for text in map(plain, hidden) if len(text) >= MIN_CHARACTERS and text.strip("\"',") not in known
    }


def _mistakes(directory: Path) -> list[Path]:
    return sorted(directory.glob("mistakes/*.py"))


def found_in(notebook: Any, hidden: set[str]) -> set[str]:
    """Return the hidden texts that the notebook contains."""
    everything = plain("\n".join(strings(notebook)))
    return {text for text in hidden if text in everything}
