"""Types of a learner's kit: a course without solutions, hidden tests, mistakes, answers, explanations.

`course kit` writes a kit. Its directory has the layout of a course, plus a file
`kit.yaml` that lists what was left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Literal

from msgspec import UNSET, UnsetType

from grader.content.base import Content, Finding, Id, duplicates
from grader.content.figures import Figure
from grader.content.question_base import MaybeFigure, Points, set_or_none, worth

QuestionKind = Literal["single", "multiple", "numeric", "ordering", "matching", "shape", "text", "essay"]


class HiddenTests(Content, frozen=True, kw_only=True):
    """The number of hidden tests of an exercise, and their total points."""

    tests: int
    points: float

    def findings(self) -> Iterator[Finding]:
        if self.tests < 0 or not (math.isfinite(self.points) and self.points >= 0):
            yield Finding((), "the hidden tests have an impossible number or points", "unpack the kit again")


class KitExercise(Content, frozen=True, kw_only=True):
    """An exercise in a kit, with only its visible tests; `version` is that of the full exercise."""

    version: str
    hidden: HiddenTests


class Kit(Content, frozen=True, kw_only=True):
    """The contents of `kit.yaml`."""

    version: str  # hash of all content that the kit was made from
    exercises: dict[str, KitExercise]


class SealedQuestion(Content, frozen=True, kw_only=True):
    """A question without its answer. Drawn values are those of every learner's first sitting."""

    id: Id
    kind: QuestionKind
    prompt: str
    concepts: tuple[Id, ...]
    section: str
    hints: tuple[str, ...] = ()
    options: tuple[str, ...] = ()  # or the items to put in order, or the matches; their ids are a, b, c …
    # unset, not empty: see `Points`
    to_match: tuple[str, ...] | UnsetType = UNSET  # the items to find a match for
    count: int = 1  # number of values to enter
    points: Points = UNSET  # 1 if left out
    figure: MaybeFigure = UNSET

    @property
    def items(self) -> tuple[str, ...]:
        """The items to find a match for; empty if the question is not a matching."""
        return () if isinstance(self.to_match, UnsetType) else self.to_match

    @property
    def worth(self) -> int:
        """The points that a right answer earns."""
        return worth(self.points)

    @property
    def picture(self) -> Figure | None:
        """The picture that the question is about."""
        return set_or_none(self.figure)

    @property
    def full_prompt(self) -> str:
        """The prompt; it already says how finely to round."""
        return self.prompt.strip()

    @property
    def option_ids(self) -> str:
        """The ids of the options, one letter each: "abc"."""
        return ascii_lowercase[: len(self.options)]

    def text_of(self, option_id: str) -> str:
        """Return the text of the option with this id. Raises ValueError if there is none."""
        return self.options[self.option_ids.index(option_id)]

    def findings(self) -> Iterator[Finding]:
        if len(self.options) > len(ascii_lowercase) or self.count < 1:
            yield Finding(
                (), "the question has too many options or no value to enter", "unpack the kit again"
            )
        if (self.kind in ("single", "multiple", "ordering", "matching")) != bool(self.options):
            yield Finding(
                ("kind",), f"a {self.kind} question has {len(self.options)} options", "unpack the kit again"
            )
        if (self.kind == "matching") != bool(self.items):
            what = f"a {self.kind} question has {len(self.items)} items"
            yield Finding(("kind",), what, "unpack the kit again")


class SealedQuiz(Content, frozen=True, kw_only=True):
    """A quiz without its answers; `version` is that of the full quiz."""

    id: Id
    lesson: Id
    title: str
    version: str
    questions: tuple[SealedQuestion, ...]

    @property
    def points(self) -> float:
        """The points of all questions."""
        return float(sum(question.worth for question in self.questions))

    @property
    def pictures(self) -> tuple[Figure, ...]:
        """The figures of all questions that have one."""
        return tuple(question.picture for question in self.questions if question.picture)

    def question(self, question_id: str) -> SealedQuestion | None:
        """Return the question with this id, or None."""
        return next((q for q in self.questions if q.id == question_id), None)

    def findings(self) -> Iterator[Finding]:
        if not self.questions:
            yield Finding(("questions",), "there is no question", "unpack the kit again")
        for index, question_id in duplicates(q.id for q in self.questions):
            yield Finding(
                ("questions", index, "id"), f"{question_id!r} is used twice", "unpack the kit again"
            )
