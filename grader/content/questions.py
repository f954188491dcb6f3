"""Types of questions. Each wrong answer that the author foresaw has its own explanation."""

from __future__ import annotations

import math
from collections.abc import Iterator
from string import ascii_lowercase

from msgspec import UNSET, UnsetType

from grader.content.base import Content, Finding, Id
from grader.content.essay_questions import EssayQuestion
from grader.content.matching_questions import MatchingQuestion
from grader.content.question_base import QuestionBase, scrambled
from grader.content.text_questions import TextQuestion
from grader.content.value_questions import NumericQuestion, ShapeQuestion

__all__ = [
    "ChoiceQuestion",
    "EssayQuestion",
    "LetterQuestion",
    "MatchingQuestion",
    "MultipleQuestion",
    "NumericQuestion",
    "Option",
    "OrderingQuestion",
    "Question",
    "ShapeQuestion",
    "SingleQuestion",
    "TextQuestion",
    "ValueQuestion",
    "WrongOrder",
]


class Option(Content, frozen=True, kw_only=True):
    """One option of a question. `why` says why it is right or wrong.

    It is shown to those who choose the option. In a `multiple` question, `why` of a right option
    is shown in Moodle and Canvas only, so what everyone should read belongs in `explain`.
    `hint` is for those who ask for a hint after this wrong answer: it comes before the other hints.
    """

    text: str
    why: str
    correct: bool = False
    misconception: Id | None = None  # the wrong idea behind choosing this option
    # unset, not "": a question without it keeps the hash that attempts at it were recorded with
    hint: str | UnsetType = UNSET


class WrongOrder(Content, frozen=True, kw_only=True):
    """A foreseen mistake in an ordering: item `second` placed before item `first`.

    Both are numbers of items in the right order, counted from 1.
    """

    first: int
    second: int
    why: str
    misconception: Id | None = None


class _Choice(QuestionBase, frozen=True, kw_only=True):
    """Fields of questions with options. The ids of the options are a, b, c … in the file's order."""

    options: tuple[Option, ...]
    shuffle: bool = True  # False where the order of the options means something

    @property
    def option_ids(self) -> str:
        """The ids of the options, one letter each: "abc"."""
        return ascii_lowercase[: len(self.options)]

    @property
    def answer(self) -> str:
        """The ids of the right options in alphabetical order: "ac"."""
        return "".join(i for i, o in zip(self.option_ids, self.options, strict=True) if o.correct)

    def option(self, option_id: str) -> Option:
        """Return the option with the id "a", "b", …. Raises KeyError if there is none."""
        if len(option_id) != 1 or option_id not in self.option_ids:
            raise KeyError(option_id)
        return self.options[self.option_ids.index(option_id)]

    def text_of(self, option_id: str) -> str:
        """Return the text of the option with this id. Raises KeyError if there is none."""
        return self.option(option_id).text

    def _option_findings(self) -> Iterator[Finding]:
        if not 2 <= len(self.options) <= len(ascii_lowercase):
            yield Finding(
                ("options",), f"the number of options is {len(self.options)}", "write 2 to 26 options"
            )
        for i, option in enumerate(self.options):
            if option.correct and option.misconception:
                path = ("options", i, "misconception")
                yield Finding(path, "the right option has a misconception", "remove the misconception")
            if option.correct and option.hint:
                path = ("options", i, "hint")
                yield Finding(path, "the right option has a hint", "move the hint to `hints` of the question")


class SingleQuestion(_Choice, frozen=True, kw_only=True, tag="single"):
    """A question with exactly one right option."""

    @property
    def guess(self) -> float:
        return 1 / len(self.options)

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from self._option_findings()
        right = sum(option.correct for option in self.options)
        if len(self.options) >= 2 and right != 1:
            yield Finding(
                ("options",),
                f"{right or 'no'} option{'s are' if right > 1 else ' is'} marked correct",
                "a single-choice question has exactly one option with `correct: true`",
            )


class MultipleQuestion(_Choice, frozen=True, kw_only=True, tag="multiple"):
    """A question with one or more right options. An answer must name all of them."""

    @property
    def guess(self) -> float:
        combinations: int = 2 ** len(self.options) - 1
        return 1 / combinations

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from self._option_findings()
        if not any(option.correct for option in self.options):
            yield Finding(
                ("options",), "no option is marked correct", "mark each right option with `correct: true`"
            )


class OrderingQuestion(QuestionBase, frozen=True, kw_only=True, tag="ordering"):
    """A question that asks to put items in order.

    The file lists the items in the right order. Their letters follow another order,
    so they do not give the answer away.
    """

    items: tuple[str, ...]
    wrong: tuple[WrongOrder, ...] = ()
    otherwise: str  # shown for a wrong order that `wrong` does not cover

    @property
    def guess(self) -> float:
        return 1 / math.factorial(len(self.items))

    @property
    def option_ids(self) -> str:
        """The letters of the items: "abcd"."""
        return ascii_lowercase[: len(self.items)]

    @property
    def answer(self) -> str:
        """The letters of the items in the right order."""
        places = self._places
        return "".join(self.option_ids[places.index(item)] for item in range(len(self.items)))

    def text_of(self, option_id: str) -> str:
        """Return the item with this letter. Raises ValueError if there is none."""
        return self.items[self._places[self.option_ids.index(option_id)]]

    @property
    def _places(self) -> list[int]:
        """The index of each letter's item: a fixed permutation that is never the right order."""
        places = scrambled(f"{self.id}\0{self.explain}", len(self.items))
        return places if places != sorted(places) else places[1:] + places[:1]

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if not 3 <= len(self.items) <= len(ascii_lowercase):
            yield Finding(("items",), f"the number of items is {len(self.items)}", "write 3 to 26 items")
        if len(set(self.items)) < len(self.items):
            yield Finding(("items",), "two items are the same", "make all items different")
        for i, wrong in enumerate(self.wrong):
            if not 1 <= wrong.first < wrong.second <= len(self.items):
                yield Finding(
                    ("wrong", i),
                    "`first` and `second` are not two items in the right order",
                    "number the items from 1, the earlier item first",
                )


Question = (
    SingleQuestion
    | MultipleQuestion
    | NumericQuestion
    | OrderingQuestion
    | MatchingQuestion
    | ShapeQuestion
    | TextQuestion
    | EssayQuestion
)
ChoiceQuestion = SingleQuestion | MultipleQuestion
ValueQuestion = NumericQuestion | ShapeQuestion
LetterQuestion = SingleQuestion | MultipleQuestion | OrderingQuestion | MatchingQuestion
