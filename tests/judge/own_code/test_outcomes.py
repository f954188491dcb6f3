"""What a question can ask about a result, and how it shows a call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.own_code.authored import MAX_LINE, Shown, named, on_one_line, text_of
from grader.judge.own_code.outcomes import MAX_SHOWN, ModelFacts, aspects, shown

SMALL = np.array([[1.0, 0.5]])


@pytest.mark.parametrize(
    ("value", "phrase", "expected"),
    [
        (SMALL, "the result", [[1, 0.5]]),
        (np.zeros((4, 2)), "the first entry of the result", [0, 0]),
        (np.ones((9, 2, 1)), "the last entry of the result", [[1], [1]]),
        ({"Wx": SMALL}, "`y['Wx']`", [[1, 0.5]]),
        ({"Wx": {"a": [1, 2]}}, "`y['Wx']['a']`", [1, 2]),
        ([SMALL, np.array([3.0])], "the result", [[[1, 0.5]], [3]]),
        ((None, 10, 3), "the result", (None, 10, 3)),
        (ModelFacts(9, (None, 2), (None, 4, 3)), "the output shape of the model", (None, 2)),
    ],
)
def test_small_results_can_be_asked_for(value: Any, phrase: str, expected: Any) -> None:
    assert aspects(value, ("y",))[phrase] == expected


@pytest.mark.parametrize(
    "value",
    [
        np.ones((MAX_SHOWN + 1, 1)),
        [SMALL] * (MAX_SHOWN // 2 + 1),
        (None, 2.5),
        ((1, 2), (3, 4)),
        (),
        ModelFacts(9, ((None, 2), (None, 3)), ()),  # type: ignore[arg-type]
    ],
)
def test_other_results_are_not_shown_whole(value: Any) -> None:
    assert {"the result", "the output shape of the model"}.isdisjoint(aspects(value, ("y",)))


@given(st.integers(-99, 99))
def test_rounding_alone_does_not_show(number: int) -> None:
    assert shown(number + 1e-13) == shown(np.float64(number)) == str(number)
    assert shown(float(number) + 0.25) != str(number)


def test_a_long_call_has_a_line_for_each_argument() -> None:
    call = (np.zeros((20, 2)), [np.array([1.0]), 2], (np.array([3]),), Shown(None, "a" * MAX_LINE))
    lines = ["f(", "    np.zeros((20, 2)),", "    [np.array([1.0]), 2],", "    (np.array([3]),),"]
    assert text_of("f", call).split("\n") == [*lines, f"    {'a' * MAX_LINE},", ")"]
    assert text_of("f", call, one_line=True) == f"f({text_of('', call[:3])[1:-1]}, {'a' * MAX_LINE})"
    assert on_one_line(text_of("f", call)) == text_of("f", call, one_line=True)
    assert text_of("f", named(x=np.zeros(1), k=2)) == "f(x=np.zeros(1), k=2)"
