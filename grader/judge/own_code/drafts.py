"""From a key and wrong values to a question whose options give nothing away."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from random import Random
from typing import Any

from msgspec import Struct

from grader.content.exercise import Function
from grader.content.questions import NumericQuestion, Option, ShapeQuestion, SingleQuestion
from grader.content.value_questions import WrongValue
from grader.judge.own_code import sentences
from grader.judge.own_code.facts import Facts
from grader.judge.own_code.outcomes import shown
from grader.judge.own_questions import Family

MIN_OPTIONS, MAX_OPTIONS = 3, 4
CONSOLE_GUESS = 0.3  # where one call in a console tells the answer
AnyOwnQuestion = SingleQuestion | NumericQuestion | ShapeQuestion


class Draft(Struct, frozen=True, kw_only=True):
    """A question before it belongs to a submission. `lines` are the lines that it is about."""

    template: str
    family: Family
    level: int
    question: AnyOwnQuestion
    console: bool = False
    lines: tuple[int, ...] = ()


class Answer(Struct, frozen=True):
    """A value that an answer can have, and why: "That is round 2.". A wrong one may show a wrong idea."""

    value: Any
    why: str
    misconception: str | None = None


def choice(
    function: Function,
    template: str,
    prompt: str,
    key: Answer,
    others: Sequence[Answer],
    explain: str,
    rng: Random,
) -> SingleQuestion | None:
    """Return a question with sorted options, or None if too few of them differ as they are shown.

    The key must be as likely as any other option, so its rank among them tells nothing.
    """
    texts = {shown_text(key.value): key}
    for each in others:
        texts.setdefault(shown_text(each.value), each)
    wrong = [text for text in texts if texts[text] is not key]
    kept = {shown_text(key.value), *rng.sample(wrong, min(len(wrong), MAX_OPTIONS - 1))}
    if len(kept) < MIN_OPTIONS:
        return None
    ordered = sorted(kept, key=lambda text: _rank(texts[text].value, text))
    options = tuple(
        Option(
            text=text,
            why=texts[text].why,
            correct=texts[text] is key,
            misconception=texts[text].misconception,
        )
        for text in ordered
    )
    return SingleQuestion(
        id=_id(template, prompt), prompt=prompt, explain=explain, concepts=function.concepts,
        section=function.section or "", options=options, shuffle=False,
    )  # fmt: skip


def typed(
    function: Function, template: str, prompt: str, key: Answer, others: Sequence[Answer], explain: str
) -> NumericQuestion | ShapeQuestion:
    """Return a question for a whole number or a shape. Wrong values have their own explanations."""
    kind = ShapeQuestion if isinstance(key.value, tuple) else NumericQuestion
    wrong: dict[str, WrongValue] = {}
    for each in others:
        if each.value != key.value and type(each.value) is type(key.value):
            value = repr(each.value)
            wrong.setdefault(value, WrongValue(value=value, why=each.why, misconception=each.misconception))
    return kind(
        id=_id(template, prompt), prompt=prompt, explain=explain, concepts=function.concepts,
        section=function.section or "", answer=repr(key.value), wrong=tuple(wrong.values())[:8],
        otherwise=sentences.OWN_OTHERWISE,
    )  # fmt: skip


def draft_of(
    facts: Facts,
    template: str,
    prompt: str,
    key: Answer,
    others: Sequence[Answer],
    explain: str,
    **about: Any,
) -> Draft | None:
    """Return a question of a general template, or None if it has too few options or a flaw."""
    if is_typed(key.value):
        question: Any = typed(facts.function, template, prompt, key, others, explain)
    else:
        question = choice(facts.function, template, prompt, key, others, explain, facts.rng)
    if question is None or any(finding.path != ("concepts",) for finding in question.findings()):
        return None
    return Draft(template=template, question=question, **about)


def is_typed(value: Any) -> bool:
    """Return True if learners can type this value exactly: a shape or a whole number."""
    return isinstance(value, tuple) or type(value) is int


def shown_text(value: Any) -> str:
    """Return a value as an option; texts stay as they are."""
    return value if isinstance(value, str) else str(shown(value))


def _rank(value: Any, text: str) -> tuple[bool, Any]:
    return (False, value) if isinstance(value, int | float) else (True, text)


def _id(template: str, prompt: str) -> str:
    return f"own-{template}-{blake2b(prompt.encode(), digest_size=6).hexdigest()}"
