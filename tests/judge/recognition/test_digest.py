"""Digests of behavior: equal for what is the same, different for what is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.recognition.behavior import CallbackCall, Observed, ObservedError
from grader.judge.recognition.digest import digest
from grader.judge.wire.values import encode


def of(*values: Any, test: str = "t") -> str:
    return digest([(test, [Observed(function="f", value=encode(value)) for value in values])])


BASE = np.random.default_rng(1).normal(size=200)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.0 - 1e-12),
        (0.5, 0.5 + 1e-13),
        (1, 1.0),
        (np.float32(0.1), 0.1),
        (np.True_, True),
        ([1, 2], (1.0, 2.0)),
        (BASE, BASE + 1e-12),
        (np.array([0.0, 1.0]), np.array([1e-14, 1.0])),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (float("nan"), float("nan")),
        (2**80, 2**80),
    ],
)
def test_what_is_the_same_has_one_digest(one: Any, other: Any) -> None:
    assert of(one) == of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.01),
        (True, 1),
        ("a", "b"),
        (None, 0),
        ([1, 2], [2, 1]),
        (BASE, BASE[::-1].copy()),
        (BASE, np.append(BASE[1:], 0.0)),
        (BASE, BASE.reshape(20, 10)),
        (np.array([1.0, np.nan]), np.array([np.nan, 1.0])),
        (1.0, 10.0),
        (1.0, -1.0),
        (2**80, 2**81),
    ],
)
def test_what_differs_has_another_digest(one: Any, other: Any) -> None:
    assert of(one) != of(other)


def test_tests_calls_errors_and_callbacks_count() -> None:
    assert of(1, test="t") != of(1, test="u")
    assert of(1, 1) != of(1)
    raised = [Observed(function="f", error=ObservedError(kind, "…")) for kind in ("ValueError", "KeyError")]
    assert digest([("t", raised[:1])]) != digest([("t", raised[1:])])
    calls = [CallbackCall(name, {"x": 1}) for name in ("0", "1")]
    one, other = (Observed(function="f", callbacks=tuple(order)) for order in (calls, calls[::-1]))
    assert digest([("t", [one])]) == digest([("t", [other])])


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40), st.floats(-1e-15, 1e-15))
def test_any_array_has_a_digest(numbers: list[float], noise: float) -> None:
    array = np.array(numbers)
    assert len(of(array * (1 + noise))) == 17


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=9)
)
def test_any_value_has_a_digest(value: Any) -> None:
    assert of(value) == of(value)
