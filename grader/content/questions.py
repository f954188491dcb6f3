"""The kinds of questions. Each wrong answer has an explanation of its own, wherever it can be foreseen."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import product
from string import ascii_lowercase
from typing import Annotated, Any

from msgspec import Meta, field

from grader.content.arithmetic import FormulaError, Number, Value, evaluate
from grader.content.base import Content, Finding, Id

# a number may stand in the file as it is; the decoder hands on its text
Formula = Annotated[str, Meta(extra={"formula": True}, extra_json_schema={"type": ["string", "number"]})]

MAX_DRAWS = 10_000
PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)  # in a text: a formula whose value is put there


class Option(Content, frozen=True, kw_only=True):
    """One option of a question; `why` is shown once it has been chosen."""

    text: str
    why: str
    correct: bool = False
    misconception: Id | None = None  # the wrong idea that makes this option attractive


class WrongValue(Content, frozen=True, kw_only=True):
    """A wrong value that can be foreseen, and what to say to those who give it."""

    value: Formula
    why: str
    misconception: Id | None = None


class WrongOrder(Content, frozen=True, kw_only=True):
    """Two items, by their number in the right order, that may not change places."""

    first: int
    second: int
    why: str
    misconception: Id | None = None


class _Question(Content, frozen=True, kw_only=True, tag_field="kind"):
    """What all kinds have."""

    id: Id
    prompt: str
    explain: str  # shown once it is answered or given up
    concepts: tuple[Id, ...]
    section: str  # where the lesson teaches it
    hints: tuple[str, ...] = ()

    @property
    def guess(self) -> float:
        """The chance to be right without knowing anything."""
        return 0.02

    def findings(self) -> Iterator[Finding]:
        if not self.concepts:
            yield Finding(("concepts",), "no concept", "name at least one concept of the lesson")


class _Choice(_Question, frozen=True, kw_only=True):
    """What the kinds have whose answers are letters; a, b, c … name the options in the file's order."""

    options: tuple[Option, ...]
    shuffle: bool = True  # False where the order of the options means something

    @property
    def option_ids(self) -> str:
        return ascii_lowercase[: len(self.options)]

    @property
    def answer(self) -> str:
        """The ids of the right options, in alphabetical order."""
        return "".join(i for i, o in zip(self.option_ids, self.options, strict=True) if o.correct)

    def option(self, option_id: str) -> Option:
        """Return the option called "a", "b", …; KeyError if there is none."""
        if len(option_id) != 1 or option_id not in self.option_ids:
            raise KeyError(option_id)
        return self.options[self.option_ids.index(option_id)]

    def text_of(self, option_id: str) -> str:
        return self.option(option_id).text

    def _option_findings(self) -> Iterator[Finding]:
        if not 2 <= len(self.options) <= len(ascii_lowercase):
            yield Finding(("options",), f"{len(self.options)} options", "give at least 2, at most 26")
        for i, option in enumerate(self.options):
            if option.correct and option.misconception:
                path = ("options", i, "misconception")
                yield Finding(path, "the right option has a misconception", "leave it out")


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
    """A question to which any number of options may be right; all of them have to be named."""

    @property
    def guess(self) -> float:
        combinations: int = 2 ** len(self.options) - 1
        return 1 / combinations

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from self._option_findings()
        if not any(option.correct for option in self.options):
            yield Finding(("options",), "no option is marked correct", "mark those with `correct: true`")


class OrderingQuestion(_Question, frozen=True, kw_only=True, tag="ordering"):
    """Items to be put in order. The file lists them in the right one; their letters do not give it away."""

    items: tuple[str, ...]
    wrong: tuple[WrongOrder, ...] = ()
    otherwise: str  # to an order of which `wrong` says nothing

    @property
    def guess(self) -> float:
        return 1 / math.factorial(len(self.items))

    @property
    def option_ids(self) -> str:
        return ascii_lowercase[: len(self.items)]

    @property
    def answer(self) -> str:
        """The letters in the right order."""
        places = self._places
        return "".join(self.option_ids[places.index(item)] for item in range(len(self.items)))

    def text_of(self, option_id: str) -> str:
        return self.items[self._places[self.option_ids.index(option_id)]]

    @property
    def _places(self) -> list[int]:
        """For each letter, the number of its item: an order that stays, and never the right one.

        It is made from the explanation, which learners with a kit have not got: from
        what they have they could work it out.
        """
        seed = f"{self.id}\0{self.explain}"
        places = sorted(
            range(len(self.items)), key=lambda n: blake2b(f"{seed}\0{n}".encode(), digest_size=8).digest()
        )
        return places if places != sorted(places) else places[1:] + places[:1]

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if not 3 <= len(self.items) <= len(ascii_lowercase):
            yield Finding(("items",), f"{len(self.items)} items", "give at least 3, at most 26")
        if len(set(self.items)) < len(self.items):
            yield Finding(("items",), "two items are the same", "their order could not be told")
        for i, wrong in enumerate(self.wrong):
            if not 1 <= wrong.first < wrong.second <= len(self.items):
                yield Finding(
                    ("wrong", i), "`first` and `second` are no items in their order", "number them from 1"
                )


class _ValueQuestion(_Question, frozen=True, kw_only=True):
    """What the kinds have whose answers are numbers.

    With `draw`, each name stands for a value that is drawn from its list; the
    formulas may use these names, and `{{formula}}` in a text is replaced.
    """

    answer: Formula
    wrong: tuple[WrongValue, ...] = ()
    otherwise: str  # to a value of which `wrong` says nothing
    draw: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def draws(self) -> Iterator[dict[str, float]]:
        """Yield every choice of values; a single empty one if nothing is drawn."""
        for values in product(*self.draw.values()):
            yield dict(zip(self.draw, values, strict=True))

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        count = math.prod(len(values) for values in self.draw.values())
        if not 1 <= count <= MAX_DRAWS:
            yield Finding(("draw",), f"{count} choices", f"let there be at least 1, at most {MAX_DRAWS:,}")
            return
        yield from self._flaws_with([next(self.draws())])

    def findings_of_all_draws(self) -> Iterator[Finding]:
        """Yield what is wrong with some choice of values; too slow for the start of every command."""
        found = list(self._flaws_with(list(self.draws())))
        yield from found or self._clashes()

    def _flaws_with(self, draws: list[dict[str, float]]) -> Iterator[Finding]:
        formulas: list[tuple[tuple[str | int, ...], str]] = [(("answer",), self.answer)]
        formulas += [(("wrong", i, "value"), wrong.value) for i, wrong in enumerate(self.wrong)]
        for path, formula in formulas:
            if what := _flaw(formula, draws, self.value_flaw):
                yield Finding(path, f"`{formula}`: {what}", "mend the formula")
        for path, text in self._texts():
            for formula in PLACEHOLDER.findall(text):
                if what := _flaw(formula, draws, lambda value: None):
                    yield Finding(path, f"`{{{{{formula}}}}}`: {what}", "mend the formula")

    def _texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for name in ("prompt", "explain", "otherwise"):
            yield (name,), getattr(self, name)
        for i, hint in enumerate(self.hints):
            yield ("hints", i), hint
        for i, wrong in enumerate(self.wrong):
            yield ("wrong", i, "why"), wrong.why

    def value_flaw(self, value: Value) -> str | None:
        """Return why a value cannot be an answer to a question of this kind."""
        raise NotImplementedError

    def same(self, one: Value, other: Value) -> bool:
        """Whether two values are the same answer."""
        raise NotImplementedError

    def _clashes(self) -> Iterator[Finding]:
        """A wrong value that is right for some draw, or the same as another."""
        for i, wrong in enumerate(self.wrong):
            before = [self.answer, *(earlier.value for earlier in self.wrong[:i])]
            for values in self.draws():
                value = evaluate(wrong.value, values)
                if any(self.same(evaluate(formula, values), value) for formula in before):
                    shown = ", ".join(f"{name} = {drawn:g}" for name, drawn in values.items())
                    what = "it is right, or a wrong value before it" + (f", with {shown}" if shown else "")
                    yield Finding(("wrong", i, "value"), what, "choose other values to draw, or leave it out")
                    break


class NumericQuestion(_ValueQuestion, frozen=True, kw_only=True, tag="numeric"):
    """A question for a number, or for several in a given order."""

    tolerance: float = 0.0  # relative: 0.01 takes what is within 1 %

    @property
    def count(self) -> int:
        """How many numbers are asked for."""
        value = evaluate(self.answer, next(self.draws()))
        return len(value) if isinstance(value, tuple) else 1

    def value_flaw(self, value: Value) -> str | None:
        found = numbers(value)
        return "None is not a number" if None in found else None if found else "there is no number in it"

    def same(self, one: Value, other: Value) -> bool:
        ours, theirs = numbers(one), numbers(other)
        return len(ours) == len(theirs) and all(
            a is not None
            and b is not None
            and math.isclose(a, b, rel_tol=max(self.tolerance, 1e-9), abs_tol=1e-12)
            for a, b in zip(ours, theirs, strict=True)
        )

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if not 0 <= self.tolerance <= 0.2:
            yield Finding(("tolerance",), f"{self.tolerance:g}", "take a share between 0 and 0.2")


class ShapeQuestion(_ValueQuestion, frozen=True, kw_only=True, tag="shape"):
    """A question for the shape of an array: whole numbers, and None for a size that is left open."""

    def value_flaw(self, value: Value) -> str | None:
        if not isinstance(value, tuple):
            return "not a shape, which stands in brackets: (62, 10)"
        sizes = [size for size in value if size is not None]
        whole = all(size == int(size) and size >= 0 for size in sizes)
        return None if whole else "a size is not a whole number"

    def same(self, one: Value, other: Value) -> bool:
        return numbers(one) == numbers(other)


Question = SingleQuestion | MultipleQuestion | NumericQuestion | OrderingQuestion | ShapeQuestion
ChoiceQuestion = SingleQuestion | MultipleQuestion
ValueQuestion = NumericQuestion | ShapeQuestion
LetterQuestion = SingleQuestion | MultipleQuestion | OrderingQuestion


def _flaw(
    formula: str, draws: list[dict[str, float]], value_flaw: Callable[[Value], str | None]
) -> str | None:
    """Return why a formula has no fitting value, with one of these draws at least."""
    for values in draws:
        try:
            value = evaluate(formula, values)
        except FormulaError as error:
            return str(error)
        if what := value_flaw(value):
            return what
    return None


def numbers(value: Value) -> tuple[Number | None, ...]:
    """Return a value as a tuple, which a single number becomes as well."""
    return value if isinstance(value, tuple) else (value,)


def is_drawn(question: Any) -> bool:
    """Whether the question has other numbers each time it is asked."""
    return isinstance(question, _ValueQuestion) and bool(question.draw)
