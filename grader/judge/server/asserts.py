"""Assertions for test authors that keep the message apart from the data.

A plain `assert condition, "message"` also works. In hidden tests learners do not see
the text of numpy's own assertions, because it contains the values.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class Mismatch(AssertionError):
    """A wrong result. All tests show `message`; only visible tests show `details`."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class NotJudged(Mismatch):
    """A result that may be right, but that the test cannot judge. It is left to the instructor."""


def assert_shape(array: np.ndarray, shape: tuple[int, ...], message: str) -> None:
    """Assert that `array` has exactly this shape. Raises Mismatch."""
    if array.shape != shape:
        raise Mismatch(message, f"the shape is {array.shape}, expected {shape}")


def assert_array_equal(got: Any, expected: Any, message: str) -> None:
    """Assert that shapes and values are equal, with NaN equal to NaN. Raises Mismatch.

    The dtypes are not compared.
    """
    _compare(got, expected, message, lambda a, b: np.array_equal(a, b, equal_nan=True))


def assert_allclose(got: Any, expected: Any, message: str, rtol: float = 1e-6, atol: float = 0.0) -> None:
    """Assert equal shapes and |got - expected| <= atol + rtol * |expected| everywhere.

    This is the formula of numpy.allclose. The default of `atol` is 0, because with
    numpy's 1e-8 the value 0.1**10 would count as close to 0. Raises Mismatch.
    """
    _compare(got, expected, message, lambda a, b: np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def _compare(got: Any, expected: Any, message: str, same: Any) -> None:
    ours, theirs = np.asarray(expected), np.asarray(got)
    if theirs.dtype.kind not in "biuf" or theirs.shape != ours.shape or not same(theirs, ours):
        raise Mismatch(message, f"got {short(got)}, expected {short(expected)}")


def short(value: Any) -> str:
    """Format a value on one line. Long arrays are abbreviated in the middle."""
    if isinstance(value, np.ndarray):
        if value.ndim > 1 and value.size > 12:
            return f"array of shape {value.shape}"
        with np.printoptions(threshold=8, edgeitems=3, precision=4, suppress=True, linewidth=200):
            body = " ".join(str(value).split())
        return f"array of shape {value.shape} {body}" if value.size > 1 else f"array({body})"
    text = _plain(value)
    return text if len(text) <= 200 else f"{text[:197]}…"


def _plain(value: Any) -> str:
    """Return the repr of a value, with the arrays inside it formatted by `short`."""
    if isinstance(value, tuple | list) and any(isinstance(item, np.ndarray) for item in value):
        inner = ", ".join(map(short, value))
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, dict) and any(isinstance(item, np.ndarray) for item in value.values()):
        return f"{{{', '.join(f'{key!r}: {short(item)}' for key, item in value.items())}}}"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
