"""Questions whose answers are numbers or shapes. Numbers may be drawn anew each time."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import product
from typing import Annotated, Any

from msgspec import Meta, field

from grader.content.arithmetic import FormulaError, Number, Value, evaluate
from grader.content.base import Content, Finding, Id
from grader.content.question_base import QuestionBase

# the file may hold a plain number; the decoder keeps its text
Formula = Annotated[str, Meta(extra={"unquoted": True}, extra_json_schema={"type": ["string", "number"]})]

MAX_DRAWS = 10_000
_WORDS = ("one", "two", "three", "four", "five", "six")
PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)  # in a text: a formula, to be replaced by its value


class WrongValue(Content, frozen=True, kw_only=True):
    """A foreseen wrong value, and the explanation for learners who enter it."""

    value: Formula
    why: str
    misconception: Id | None = None


class _ValueQuestion(QuestionBase, frozen=True, kw_only=True):
    """Fields of questions whose answers are numbers.

    `draw` maps a name to a list from which its value is drawn. Formulas may use these
    names. `{{formula}}` in a text is replaced by the formula's value.
    """

    answer: Formula
    wrong: tuple[WrongValue, ...] = ()
    otherwise: str  # shown for a wrong value that `wrong` does not list
    draw: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def draws(self) -> Iterator[dict[str, float]]:
        """Yield every combination of drawn values; one empty dict if nothing is drawn."""
        for values in product(*self.draw.values()):
            yield dict(zip(self.draw, values, strict=True))

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        count = math.prod(len(values) for values in self.draw.values())
        if not 1 <= count <= MAX_DRAWS:
            what = f"the number of combinations is {count:,}"
            yield Finding(("draw",), what, f"list values for 1 to {MAX_DRAWS:,} combinations")
            return
        yield from self._flaws_with([next(self.draws())])

    def findings_of_all_draws(self) -> Iterator[Finding]:
        """Yield the flaws that occur for any combination of drawn values.

        This is too slow for the start of every command; only `course validate` uses it.
        """
        flaws = list(self._flaws_with(list(self.draws())))
        yield from flaws or self._clashes()

    def _flaws_with(self, draws: list[dict[str, float]]) -> Iterator[Finding]:
        formulas: list[tuple[tuple[str | int, ...], str]] = [(("answer",), self.answer)]
        formulas += [(("wrong", i, "value"), wrong.value) for i, wrong in enumerate(self.wrong)]
        for path, formula in formulas:
            if what := _flaw(formula, draws, self.value_flaw):
                yield Finding(path, f"`{formula}`: {what}", "fix the formula")
        for path, text in self._texts():
            for formula in PLACEHOLDER.findall(text):
                if what := _flaw(formula, draws, lambda value: None):
                    yield Finding(path, f"`{{{{{formula}}}}}`: {what}", "fix the formula")

    def _texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for name in ("prompt", "explain", "otherwise"):
            yield (name,), getattr(self, name)
        for i, hint in enumerate(self.hints):
            yield ("hints", i), hint
        for i, wrong in enumerate(self.wrong):
            yield ("wrong", i, "why"), wrong.why

    def value_flaw(self, value: Value) -> str | None:
        """Return why a value cannot answer a question of this kind, or None if it can."""
        raise NotImplementedError

    def same(self, one: Value, other: Value) -> bool:
        """Return True if two values are the same answer."""
        raise NotImplementedError

    def _clashes(self) -> Iterator[Finding]:
        """Yield the wrong values that equal the answer or an earlier wrong value for some draw."""
        for i, wrong in enumerate(self.wrong):
            before = [self.answer, *(earlier.value for earlier in self.wrong[:i])]
            for values in self.draws():
                value = evaluate(wrong.value, values)
                if any(self.same(evaluate(formula, values), value) for formula in before):
                    shown = ", ".join(f"{name} = {drawn:g}" for name, drawn in values.items())
                    what = "it equals the answer or an earlier wrong value" + (
                        f" for {shown}" if shown else ""
                    )
                    yield Finding(("wrong", i, "value"), what, "draw other values, or remove it")
                    break


class NumericQuestion(_ValueQuestion, frozen=True, kw_only=True, tag="numeric"):
    """A question for one number, or for several in a fixed order.

    `decimals` or `digits` says how finely to round, and the question then says so, too. A
    number that is rounded in this way is always right.
    """

    tolerance: float = 0.0  # relative: 0.01 accepts values within 1 %
    decimals: int | None = None  # number of decimals to give
    digits: int | None = None  # number of significant digits to give

    @property
    def count(self) -> int:
        """The number of values to enter."""
        value = evaluate(self.answer, next(self.draws()))
        return len(value) if isinstance(value, tuple) else 1

    @property
    def full_prompt(self) -> str:
        asked = super().full_prompt
        if self.decimals is None and self.digits is None:
            return asked
        return f"{asked}{_gap(asked)}Give {self.precision}."

    @property
    def precision(self) -> str:
        """What an answer must consist of: "three decimals", "the exact number"."""
        each = " for each" if self.count > 1 else ""
        for number, noun in ((self.decimals, "decimal"), (self.digits, "significant digit")):
            if number is not None:
                word = _WORDS[number - 1] if 1 <= number <= len(_WORDS) else str(number)
                return f"{word} {noun}{'s' * (number != 1)}{each}"
        return "the exact numbers" if each else "the exact number"

    def value_flaw(self, value: Value) -> str | None:
        values = numbers(value)
        if None in values:
            return "None is not a number"
        return None if values else "it holds no number"

    def same(self, one: Value, other: Value) -> bool:
        ours, theirs = numbers(one), numbers(other)
        return len(ours) == len(theirs) and all(map(self._close, ours, theirs))

    def is_rounded(self, right: Value, given: Value) -> bool:
        """Return True if `given` is the right value, but rounded more than the question allows."""
        ours, theirs = numbers(right), numbers(given)
        return (
            len(ours) == len(theirs)
            and not self.same(right, given)
            and all(self._close(a, b) or _rounds_to(a, b) for a, b in zip(ours, theirs, strict=True))
        )

    def _close(self, right: Number | None, given: Number | None) -> bool:
        if right is None or given is None:
            return False
        return math.isclose(
            right, given, rel_tol=max(self.tolerance, 1e-9), abs_tol=max(self.half_unit(right), 1e-12)
        )

    def half_unit(self, right: Number) -> float:
        """Return half a unit of the last decimal to give for this number; 0 if it has to be exact."""
        last = self.decimals
        if self.digits is not None and right:
            last = self.digits - 1 - _first_place(right)
        return 0.0 if last is None else 0.5 * 10.0**-last * (1 + 1e-9)

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if not 0 <= self.tolerance <= 0.2:
            yield Finding(
                ("tolerance",), f"the tolerance is {self.tolerance:g}", "choose a fraction from 0 to 0.2"
            )
        for name in ("decimals", "digits"):
            number = getattr(self, name)
            if number is not None and not 1 <= number <= len(_WORDS):
                yield Finding((name,), f"`{name}` is {number}", f"choose a number from 1 to {len(_WORDS)}")
        if self.decimals is not None and self.digits is not None:
            yield Finding(("digits",), "there are `decimals` and `digits`", "remove one of them")


class ShapeQuestion(_ValueQuestion, frozen=True, kw_only=True, tag="shape"):
    """A question for the shape of an array: whole numbers, and None for an undefined size."""

    def value_flaw(self, value: Value) -> str | None:
        if not isinstance(value, tuple):
            return "it is not a shape in parentheses, such as (62, 10)"
        sizes = [size for size in value if size is not None]
        whole = all(size == int(size) and size >= 0 for size in sizes)
        return None if whole else "a size is negative or not a whole number"

    def same(self, one: Value, other: Value) -> bool:
        return numbers(one) == numbers(other)


def _flaw(
    formula: str, draws: list[dict[str, float]], value_flaw: Callable[[Value], str | None]
) -> str | None:
    """Return why a formula has no suitable value for one of the draws, or None if it always has."""
    for values in draws:
        try:
            value = evaluate(formula, values)
        except FormulaError as error:
            return str(error)
        if what := value_flaw(value):
            return what
    return None


def _gap(text: str) -> str:
    """Return what separates a text from one more sentence. A text of several blocks gets a new one."""
    return "\n\n" if "\n\n" in text else " "


def _rounds_to(right: Number | None, given: Number | None) -> bool:
    """Return True if a number that is not whole gives `given` when it is rounded.

    The first digit must be left: 0.01 and 0 are not seen as a rounded 0.0052.
    """
    if right is None or not given or right == int(right):
        return False
    last = Decimal(repr(given)).normalize().as_tuple().exponent
    assert isinstance(last, int)  # the number is finite
    return last <= _first_place(right) and abs(right - given) <= 0.5 * 10.0**last * (1 + 1e-9)


def _first_place(number: Number) -> int:
    """Return the place of the first digit: 0 for 8.3, -2 for 0.083."""
    return math.floor(math.log10(abs(number)))


def numbers(value: Value) -> tuple[Number | None, ...]:
    """Return the value as a tuple; a single number becomes a tuple of one."""
    return value if isinstance(value, tuple) else (value,)


def is_drawn(question: Any) -> bool:
    """Return True if the question's numbers are drawn anew each time it is asked."""
    return isinstance(question, _ValueQuestion) and bool(question.draw)
