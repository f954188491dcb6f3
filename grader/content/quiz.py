"""Quizzes: questions whose every option explains itself."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from grader.content.base import Content, Finding, Id, duplicates


class Option(Content, frozen=True, kw_only=True):
    """One option of a question; `why` is shown once it has been chosen."""

    text: str
    why: str
    correct: bool = False
    misconception: Id | None = None  # the wrong idea that makes this option attractive


class SingleQuestion(Content, frozen=True, kw_only=True, tag_field="kind", tag="single"):
    """A question with exactly one right option. Options are called a, b, c, d in file order."""

    id: Id
    prompt: str
    options: tuple[Option, ...]
    explain: str
    concepts: tuple[Id, ...]
    section: str
    hints: tuple[str, ...] = ()
    shuffle: bool = True  # False where the order of the options means something

    @property
    def option_ids(self) -> str:
        return ascii_lowercase[: len(self.options)]

    @property
    def answer(self) -> str:
        """The id of the right option."""
        return next(i for i, o in zip(self.option_ids, self.options, strict=True) if o.correct)

    def option(self, option_id: str) -> Option:
        """Return the option called "a", "b", …; KeyError if there is none."""
        if len(option_id) != 1 or option_id not in self.option_ids:
            raise KeyError(option_id)
        return self.options[self.option_ids.index(option_id)]

    def findings(self) -> Iterator[Finding]:
        right = sum(option.correct for option in self.options)
        if not 2 <= len(self.options) <= len(ascii_lowercase):
            yield Finding(("options",), f"{len(self.options)} options", "give at least 2, at most 26")
        elif right != 1:
            yield Finding(
                ("options",),
                f"{right or 'no'} option{'s are' if right > 1 else ' is'} marked correct",
                "a single-choice question has exactly one option with `correct: true`",
            )
        if not self.concepts:
            yield Finding(("concepts",), "no concept", "name at least one concept of the lesson")
        for i, option in enumerate(self.options):
            if option.correct and option.misconception:
                yield Finding(
                    ("options", i, "misconception"),
                    "the right option has a misconception",
                    "leave it out",
                )


Question = SingleQuestion  # further kinds join this union


class Quiz(Content, frozen=True, kw_only=True):
    """One quiz file, `quizzes/<id>.yaml`."""

    id: Id
    title: str
    lesson: Id
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)

    def findings(self) -> Iterator[Finding]:
        if not self.questions:
            yield Finding(("questions",), "no question", "a quiz has at least one")
        for index, again in duplicates(q.id for q in self.questions):
            yield Finding(
                ("questions", index, "id"), f"{again!r} is used twice", "give each question its own id"
            )
