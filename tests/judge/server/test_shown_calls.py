"""A message shows the call from which a wrong value came, if that is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.server.shown_calls import ShownCalls

RESULTS = [np.arange(6.0).reshape(2, 3), (np.ones(2), 0.5), {"Wx": np.zeros(4), "all": [np.full(2, 7.0)]}, 3]


@pytest.fixture
def calls() -> ShownCalls:
    calls = ShownCalls()
    for number, result in enumerate(RESULTS, 1):
        calls.begin(f"f({number})")
        calls.end(result)
    return calls


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (RESULTS[0], 1),
        (RESULTS[0][::-1, 0], 1),  # type: ignore[call-overload,index]
        (RESULTS[1], 2),
        (RESULTS[1][0], 2),  # type: ignore[index]
        (RESULTS[1][1], 2),  # type: ignore[index]
        (RESULTS[2]["all"][0][1:], 3),  # type: ignore[call-overload,index]
    ],
)
def test_a_value_leads_to_its_call(calls: ShownCalls, value: Any, number: int) -> None:
    assert calls.line(value) == f"in call {number} of 4: f({number})"


@pytest.mark.parametrize("value", [None, 3, RESULTS[0].copy(), [RESULTS[0], RESULTS[1]], 0.25])  # type: ignore[attr-defined]
def test_otherwise_the_last_call_is_shown_as_such(calls: ShownCalls, value: Any) -> None:
    assert calls.line(value) == "last of 4 calls: f(4)"


def test_a_result_that_came_back_twice_leads_to_no_call(calls: ShownCalls) -> None:
    calls.begin("f(5)")
    calls.end(RESULTS[0])
    assert calls.line(RESULTS[0]) == "last of 5 calls: f(5)"


def test_a_failure_of_the_last_call_is_about_that_call(calls: ShownCalls) -> None:
    calls.blame_last()
    assert calls.line() == "in f(4)"
    calls.begin("f(5)")  # it raises an error, so there is no result
    assert calls.line() == "in f(5)"
    calls.end(last := np.ones(3))
    assert calls.line(last[1:]) == "in f(5)"


def test_a_single_call_needs_no_number() -> None:
    calls = ShownCalls()
    assert calls.line() == ""
    calls.begin("f(1)")
    calls.end(3)
    assert calls.line() == "in f(1)"
