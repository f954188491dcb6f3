"""The question which line keeps code from a known mistake."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.content.exercise import Function
from grader.content.questions import SingleQuestion
from grader.judge.own_code.facts import Change, Facts, Mistaken, Outline
from grader.judge.own_code.outcomes import Case, Outcome, agree
from grader.judge.own_code.probe_log import Log
from grader.judge.own_code.templates import guards_against

LINES = 5


def facts(now: int, without: dict[int, int], mistaken: dict[str, Any], seed: int = 0) -> Facts:
    """Return facts about code that gives `now`, and `without[n]` without line n."""
    function = Function(signature="f(a)", text="", returns={"y": "int"}, concepts=("counting",))
    source = "\n".join(["def f(a):", *(f"    a += {n}" for n in range(2, LINES + 1))])
    changes = tuple(Change(0, "removed", n, 4, 10, "pass") for n in without)
    outline = Outline((source,), "", (source,), (), changes)
    return Facts(
        function=function, number=0, outline=outline, cases=(Case("f(1)", Outcome(now)),), edges=tuple,
        same=lambda: None, log=Log(tuple(("hit", n, 1) for n in without)), stopped=None,
        own=frozenset(without), vary=lambda change: Outcome(without[change.line]), confirm=lambda *_: True,
        mistakes=lambda: [Mistaken(idea, "No.", Outcome(value)) for idea, value in mistaken.items()],
        place=lambda line: f"line {line}", rng=Random(seed),
    )  # fmt: skip


numbers = st.integers(0, 4)


@given(
    numbers, st.dictionaries(st.integers(2, LINES), numbers), st.dictionaries(st.sampled_from("pqr"), numbers)
)
def test_only_the_line_of_the_key_leads_to_the_mistake(
    now: int, without: dict[int, int], mistaken: dict[str, int]
) -> None:
    draft = guards_against(facts(now, without, mistaken))
    possible = [
        idea
        for idea, value in mistaken.items()
        if value != now and [*without.values()].count(value) == [*mistaken.values()].count(value) == 1
    ]
    if draft is None:
        assert not possible or len(without) < 3
        return
    assert isinstance(draft.question, SingleQuestion)
    (idea,) = (each for each in possible if f"> {each}\n" in draft.question.prompt)
    wanted = next(line for line, value in without.items() if value == mistaken[idea])
    assert draft.question.text_of(draft.question.answer).startswith(f"line {wanted} ")
    assert {*draft.lines} == {*without}


@pytest.mark.parametrize("value", [True, None, np.bool_(False)])
def test_results_that_many_faults_have_are_no_evidence(value: Any) -> None:
    assert guards_against(facts(9, {2: 1, 3: 2, 4: 3}, {"p": value})) is None


def test_outcomes_agree_but_for_rounding_and_the_kind_of_numbers() -> None:
    assert agree(Outcome([1, np.array([2.0])]), Outcome([1.0, np.array([2.0 + 1e-12])]))
    assert not agree(Outcome(raised="ValueError"), Outcome(None))
    assert not agree(Outcome(raised="ValueError"), Outcome(raised="TypeError"))
    assert not agree(Outcome([1]), Outcome([1, 1]))
