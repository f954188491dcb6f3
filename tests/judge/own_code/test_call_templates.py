"""Questions whose options are calls: from outcomes to a question, without a judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from grader.content.exercise import Function
from grader.content.problem import ContentError
from grader.content.questions import SingleQuestion
from grader.judge.own_code.authored import load_own_code, named, text_of, varied, without_copies
from grader.judge.own_code.call_templates import same_result, which_raises
from grader.judge.own_code.drafts import Draft
from grader.judge.own_code.facts import Facts, Outline
from grader.judge.own_code.outcomes import Case, ModelFacts, Outcome

FIRST = Case("f(0)", Outcome([1, 2]))


def facts(edges: Sequence[Case] = (), others: Sequence[Case] = (), first: Case = FIRST) -> Facts:
    function = Function(signature="f(a)", text="", returns={"y": "list"}, concepts=("counting",))
    return Facts(
        function=function, number=0, outline=Outline((), "", (), (), ()), cases=(), edges=lambda: edges,
        same=lambda: (first, others), log=None, stopped=None, own=frozenset(), vary=None,
        confirm=lambda *_: True, mistakes=list, place=str, rng=Random(1),
    )  # fmt: skip


def cases(*values: Any) -> list[Case]:
    return [Case(f"f({n})", Outcome(value)) for n, value in enumerate(values, 1)]


def single(draft: Draft | None) -> SingleQuestion:
    assert draft is not None and isinstance(draft.question, SingleQuestion)
    return draft.question


def test_exactly_one_option_returns_the_same_whoever_is_drawn() -> None:
    question = single(same_result(facts(others=cases([1, 2], [1, 2], [1, 3], [2, 2], [4, 4]))))
    assert question.text_of(question.answer) in ("`f(1)`", "`f(2)`")
    assert len({option.text for option in question.options} & {"`f(1)`", "`f(2)`"}) == 1
    assert "For this call, the result is [1, 3]." in [option.why for option in question.options]


def test_one_of_several_calls_that_raise_is_asked_for() -> None:
    raising = [Case(f"f({n})", Outcome(raised="ValueError")) for n in (-1, -2, -3)]
    question = single(which_raises(facts(edges=[*raising, *cases(1, 2, 3, 4)])))
    assert question.text_of(question.answer) in {f"`{case.text}`" for case in raising}
    assert len(question.options) == 4


@pytest.mark.parametrize("others", [cases([1, 2], [0, 0]), cases([0, 1], [0, 2], [0, 3])])
def test_too_few_calls_are_not_asked(others: list[Case]) -> None:
    assert same_result(facts(others=others)) is None
    assert which_raises(facts(edges=others)) is None


def test_models_are_never_the_same() -> None:
    model = ModelFacts(9, (None, 1), (None, 2))
    assert same_result(facts(others=cases(model, [1], [2], [3]), first=Case("f(0)", Outcome(model)))) is None


def test_a_varied_call_shows_by_name_what_stays() -> None:
    call = named(x=np.zeros(2), k=2)
    assert text_of("f", varied(call, k=3)) == "f(x, k=3)"
    assert without_copies(call, [varied(call, k=2.0), varied(call, k=3)]) == [varied(call, k=3)]


def test_the_same_calls_of_a_function_that_does_not_exist_are_reported(tmp_path: Path) -> None:
    (tmp_path / "own_code.py").write_text("SAME = {'g': lambda rng: ((1,), [(2,)])}\n")
    with pytest.raises(ContentError, match="no function g"):
        load_own_code(tmp_path, ["f"])
