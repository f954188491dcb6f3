"""Run the questions that an author wrote about a learner's code."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from grader.content.exercise import Mistake
from grader.judge.own_code import sentences
from grader.judge.own_code.authored import AuthoredQuestion, Call, OwnCode, Wrong, text_of, values_of
from grader.judge.own_code.drafts import Answer, Draft, choice, is_typed, shown_text, typed
from grader.judge.own_code.facts import Facts
from grader.judge.own_code.outcomes import Received, agree, few_numbers, numbers_in, plain_number, shown
from grader.judge.own_questions import Family
from grader.judge.server.own_runs import OwnRuns, outcome_of
from grader.judge.server.session import Session

FAMILIES: dict[int, Family] = {1: "behavior", 2: "inside", 3: "change"}
Mistakes = Callable[[str], Iterator[tuple[Mistake, Session]]]


class NotCertain(Exception):
    """The key of a question is not certain, so the question is not asked."""


def numbers_by_call(received: Sequence[Received], argument: int) -> tuple[Any, ...]:
    """Return the numbers of an argument in each call; None where they cannot be shown."""
    return tuple(
        numbers_in(each.given[argument]) if argument < len(each.given) else None for each in received
    )


class Code:
    """The learner's function, as the author of a question sees it."""

    def __init__(
        self,
        function: str,
        runs: OwnRuns,
        make: Callable[[], Call],
        reference: Session,
        mistakes: Mistakes,
    ) -> None:
        self._function = function
        self._runs = runs
        self._make = make
        self._reference = reference
        self._mistakes = mistakes

    def run(self, call: Call) -> Any:
        """Return the result of the call. Raises NotCertain unless a second run and the reference agree."""
        first, _ = self._runs.plain(self._function, call)
        again, _ = self._runs.plain(self._function, self._make(), again=True)
        outcomes = (first, again, outcome_of(self._reference, self._function, values_of(self._make())))
        if any(each is None or each.raised or not agree(outcomes[0], each) for each in outcomes):
            raise NotCertain
        assert first is not None
        return first.value

    def observed(self, call: Call, argument: int = 0) -> tuple[Any, ...]:
        """Return the numbers that callables received in an argument, by call. Raises NotCertain."""
        return self.calls(call, lambda calls: numbers_by_call(calls, argument))  # type: ignore[no-any-return]

    def calls(self, call: Call, part: Callable[[Sequence[Received]], Any]) -> Any:
        """Return what `part` selects from the calls of callable arguments. Raises NotCertain."""
        first = part(self._runs.plain(self._function, call)[1])
        if first != part(self._runs.plain(self._function, self._make(), again=True)[1]):
            raise NotCertain
        return first

    def mistakes(self, part: Callable[[Any], Any]) -> Iterator[Wrong]:
        """Yield what known mistakes of the function would return; `part` selects it in their result."""
        for mistake, session in self._mistakes(self._function):
            outcome = outcome_of(session, self._function, values_of(self._make()))
            if outcome is not None and not outcome.raised:
                try:
                    yield Wrong(part(outcome.value), mistake.says, mistake.misconception)
                except Exception:  # the mistake returns something else
                    continue


def authored_drafts(
    own_code: OwnCode,
    family: str,
    facts: Facts,
    code: Code,
    make: Callable[[], Call],
    ideas: Container[str],
) -> list[tuple[str, Callable[[], Draft | None]]]:
    """Return the names of the author's questions of a family about a function, and what makes them.

    `ideas` are the ids of the lesson's misconceptions. A wrong answer shows no other one.
    """
    asked = [each for each in own_code.questions if each.function == facts.function.name]
    own = [each for each in asked if FAMILIES[each.level] == family]
    return [(each.name, partial(_draft, each, facts, code, make, ideas)) for each in own]


def _draft(
    asked: AuthoredQuestion, facts: Facts, code: Code, make: Callable[[], Call], ideas: Container[str]
) -> Draft | None:
    call = make()
    try:
        values = [*asked.asks(code, call)]
    except NotCertain:
        return None
    key = Answer(_shown_value(values[0]), sentences.OWN_RIGHT)
    others = [*_others(values[1:], ideas)]
    text = text_of(facts.function.name, call)
    if "\n" in text and "{call}" in asked.prompt:
        prompt = sentences.own_about(text, asked.prompt.replace("{call}", "this call"))
    else:
        prompt = asked.prompt.replace("{call}", f"`{text}`")
    template = asked.name
    explain = sentences.own_answer(shown_text(key.value))
    if asked.kind != "choice" and is_typed(key.value):
        question: Any = typed(facts.function, template, prompt, key, others, explain)
    else:
        question = choice(facts.function, template, prompt, key, others, explain, facts.rng)
    if question is None:
        return None
    return Draft(template=template, family=FAMILIES[asked.level], level=asked.level, question=question,
                 console=asked.level == 1)  # fmt: skip


def _others(values: list[Any], ideas: Container[str]) -> Iterator[Answer]:
    """Yield the wrong answers that can be shown: a known mistake may give NaN."""
    for each in values:
        if isinstance(each, Wrong):
            with suppress(NotCertain):
                idea = each.misconception if each.misconception in ideas else None
                yield Answer(_shown_value(each.value), each.why, idea)


def _shown_value(value: Any) -> Any:
    """Return a value without numpy's types. Raises NotCertain if it cannot be shown."""
    if isinstance(value, np.ndarray):
        value = few_numbers(value)
    elif isinstance(value, tuple):
        value = tuple(None if each is None else int(each) for each in value)
    elif isinstance(value, str):
        value = shown(value)
    elif not isinstance(value, list):
        value = plain_number(value)
    if value is None:
        raise NotCertain
    return value
