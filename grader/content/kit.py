"""A learner's kit: a course without solutions, hidden tests, known mistakes, answers and explanations.

`course kit` writes it. Its directory has the shape of a course, and a file
`kit.yaml` that says what was left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Literal

from grader.content.base import Content, Finding, Id, duplicates

QuestionKind = Literal["single", "multiple", "numeric", "ordering", "shape"]


class HiddenTests(Content, frozen=True, kw_only=True):
    """How many hidden tests an exercise has, and what they are worth."""

    tests: int
    points: float

    def findings(self) -> Iterator[Finding]:
        if self.tests < 0 or not (math.isfinite(self.points) and self.points >= 0):
            yield Finding((), "less than nothing is hidden", "unpack the kit again")


class KitExercise(Content, frozen=True, kw_only=True):
    """An exercise of which only the visible tests are there; `version` is that of the whole one."""

    version: str
    hidden: HiddenTests


class Kit(Content, frozen=True, kw_only=True):
    """The file `kit.yaml`."""

    version: str  # of all that the kit was made of
    exercises: dict[str, KitExercise]


class SealedQuestion(Content, frozen=True, kw_only=True):
    """A question without its answer. What a question draws is drawn as for everybody's first turn."""

    id: Id
    kind: QuestionKind
    prompt: str
    concepts: tuple[Id, ...]
    section: str
    hints: tuple[str, ...] = ()
    options: tuple[str, ...] = ()  # or the items to put in order; a, b, c … name them
    count: int = 1  # of the numbers asked for

    @property
    def option_ids(self) -> str:
        return ascii_lowercase[: len(self.options)]

    def text_of(self, option_id: str) -> str:
        return self.options[self.option_ids.index(option_id)]

    def findings(self) -> Iterator[Finding]:
        if len(self.options) > len(ascii_lowercase) or self.count < 1:
            yield Finding((), "it cannot be asked", "unpack the kit again")
        if (self.kind in ("single", "multiple", "ordering")) != bool(self.options):
            yield Finding(("kind",), f"{self.kind} with {len(self.options)} options", "unpack the kit again")


class SealedQuiz(Content, frozen=True, kw_only=True):
    """A quiz without its answers; `version` is that of the whole one."""

    id: Id
    lesson: Id
    title: str
    version: str
    questions: tuple[SealedQuestion, ...]

    def question(self, question_id: str) -> SealedQuestion | None:
        return next((q for q in self.questions if q.id == question_id), None)

    def findings(self) -> Iterator[Finding]:
        if not self.questions:
            yield Finding(("questions",), "no question", "unpack the kit again")
        for index, again in duplicates(q.id for q in self.questions):
            yield Finding(("questions", index, "id"), f"{again!r} is used twice", "unpack the kit again")
