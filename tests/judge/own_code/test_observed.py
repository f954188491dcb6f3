"""What callable arguments receive, and the question about it."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grader.content.exercise import Function
from grader.content.questions import SingleQuestion
from grader.judge.own_code.facts import Facts, Outline
from grader.judge.own_code.outcomes import Case, Outcome, Received, aspects
from grader.judge.own_code.templates import observed
from grader.judge.server.own_runs import MAX_KEPT, watched


def step(x: Any, h: Any) -> Any:
    return x if h is None else x + h


def test_arguments_are_kept_in_order_with_the_parameter_that_holds_the_function() -> None:
    (data, forward, backward), received = watched(["X", "step_f", "step_b"], (3, step, step))
    state = forward(np.array([[1.0], [2.0]]), None)
    backward(h=state, x=data)
    assert received == [Received("step_f", ([[1.0], [2.0]], None)), Received("step_b", (3, [[1.0], [2.0]]))]


def test_what_is_kept_does_not_change_with_the_array() -> None:
    array = np.zeros(2)
    (function,), received = watched(["f"], (lambda x: None,))
    function(array)
    array += 1
    assert received == [Received("f", ([0.0, 0.0],))]


def test_options_that_the_function_ignores_are_not_kept() -> None:
    (predict,), received = watched(["predict"], (lambda x, **_: x,))
    predict([1], verbose=0)
    assert received == [Received("predict", ([1],))]


def test_large_arrays_and_other_values_are_not_kept() -> None:
    (function,), received = watched(["f"], (lambda *_: None,))
    function(np.zeros(MAX_KEPT + 1), "text", [[1], [2, 3]])
    assert received == [Received("f", ((), (), ()))]


def test_calls_beyond_the_limit_are_only_counted() -> None:
    (function,), received = watched(["f"], (lambda x: x,))
    for n in range(MAX_KEPT + 5):
        function(n)
    assert len(received) == MAX_KEPT + 5
    assert received[MAX_KEPT - 1 :] == [Received("f", (MAX_KEPT - 1,)), *[Received("f")] * 5]


def facts(received: list[Received], seed: int) -> Facts:
    function = Function(signature="f(a, b)", text="", returns={"y": "int"}, concepts=("counting",))
    outline = Outline((), "", (), (), ())
    return Facts(
        function=function, number=0, outline=outline, cases=(Case("f(a, b)", Outcome(1), tuple(received)),),
        edges=tuple, same=lambda: None, log=None, stopped=None, own=frozenset(), vary=None,
        confirm=lambda *_: True, mistakes=list, place=str, rng=Random(seed),
    )  # fmt: skip


states = st.one_of(st.none(), st.just(()), st.integers(0, 9), st.lists(st.integers(0, 9), max_size=3))


@given(
    st.lists(
        st.builds(Received, st.sampled_from("ab"), st.lists(states, min_size=1, max_size=2).map(tuple)),
        max_size=9,
    ),
    st.integers(0, 9),
)
def test_the_key_is_what_the_named_call_received(received: list[Received], seed: int) -> None:
    draft = observed(facts(received, seed))
    if draft is None:
        return
    question = draft.question
    assert isinstance(question, SingleQuestion)
    name, place = question.prompt.split("argument `")[1][0], int("its second argument" in question.prompt)
    number = int(question.prompt.split(" in call ")[1].split(",")[0])
    calls = [each.given for each in received if each.name == name]
    assert question.text_of(question.answer) == str(calls[number - 1][place])
    assert [given[place] for given in calls if given[place:]].count(calls[number - 1][place]) == 1


def test_a_truth_value_can_be_asked_for() -> None:
    assert aspects(np.bool_(True), ("y",)) == {"the result": True}
