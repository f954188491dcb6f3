"""Details of wrong results: the first difference, and few enough items to read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.server.asserts import Mismatch, assert_allclose, assert_array_equal, short


def details(got: Any, expected: Any) -> str:
    with pytest.raises(Mismatch) as caught:
        assert_allclose(got, expected, "wrong")
    return caught.value.details


def test_the_first_difference_is_shown() -> None:
    right = np.full((5, 2), 0.31)
    wrong = right.copy()
    wrong[3:, 0] = 0.25
    where = "first difference at position [3, 0]: 0.25 came back, expected 0.31"
    assert details(wrong, right) == f"{where}\ngot array of shape (5, 2)"
    assert details(np.arange(90), np.arange(90)[::-1]) == (
        "first difference at position [0]: 0 came back, expected 89\n"
        "got array of shape (90,) [ 0 1 2 ... 87 88 89]"
    )
    assert details([[1] * 4] * 2, [[1] * 4, [1, 1, 1, 2]]).endswith(
        "got array of shape (2, 4) [[1 1 1 1] [1 1 1 1]]"
    )
    assert details(0.5, 0.25) == "got 0.5, expected 0.25"
    assert details(np.ones((2, 3)), np.ones(3)) == "the shape is (2, 3), expected (3,)"


def test_equal_values_need_not_be_finite() -> None:
    assert_array_equal([np.nan, np.inf, True], [np.nan, np.inf, 1], "wrong")
    assert details([1.0, np.nan], [1.0, 2.0]).startswith("first difference at position [1]: nan came back")
    assert details(["a"], ["b"]) == "at position 0: got 'a', expected 'b'"


@pytest.mark.parametrize(
    "value",
    [np.arange(1e4), np.ones((9, 9)), [[[0] * 99] * 99] * 99, dict.fromkeys(range(99), "x" * 99), "x" * 999],
)
def test_a_long_value_is_shortened(value: Any) -> None:
    assert len(short(value)) <= 200 and "\n" not in short(value)


@pytest.mark.parametrize(
    ("got", "details"),
    [
        ({"a": 0.1 + 0.2, "b": "x"}, None),
        ({"a": 0.4, "b": "x"}, "at key 'a': got 0.4, expected 0.3"),
        ({"a": 0.3, "b": "y"}, "at key 'b': got 'y', expected 'x'"),
        ({"a": 0.3}, "got {'a': 0.3}, expected {'a': 0.3, 'b': 'x'}"),
        (3.0, "got 3, expected {'a': 0.3, 'b': 'x'}"),
    ],
)
def test_dictionaries_are_compared_key_by_key(got: object, details: str | None) -> None:
    expected = {"a": 0.3, "b": "x"}
    if details is None:
        assert_allclose(got, expected, "Wrong.")
        return
    with pytest.raises(Mismatch) as caught:
        assert_allclose(got, expected, "Wrong.")
    assert caught.value.details == details


def test_tuples_are_compared_element_by_element() -> None:
    assert_allclose((np.ones(2), 0.1 + 0.2), (np.ones(2), 0.3), "Wrong.")
    with pytest.raises(Mismatch) as caught:
        assert_allclose((np.ones(2), 0.4), (np.ones(2), 0.3), "Wrong.")
    assert caught.value.details == "at position 1: got 0.4, expected 0.3"
