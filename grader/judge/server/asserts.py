"""Assertions for test authors, which keep what everyone may read apart from the data.

A plain `assert condition, "message"` works too. Of numpy's own assertions the
learner sees nothing in hidden tests, because their text holds the values.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class Mismatch(AssertionError):
    """A wrong result. `message` is for every learner, `details` for visible tests only."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.details = details


def assert_shape(array: np.ndarray, shape: tuple[int, ...], message: str) -> None:
    """`array` has exactly this shape."""
    if array.shape != shape:
        raise Mismatch(message, f"the shape is {array.shape}, expected {shape}")


def assert_array_equal(got: Any, expected: Any, message: str) -> None:
    """Same shape and same values, bit for bit; NaN equals NaN. The dtype is not compared."""
    _compare(got, expected, message, lambda a, b: np.array_equal(a, b, equal_nan=True))


def assert_allclose(got: Any, expected: Any, message: str, rtol: float = 1e-6, atol: float = 0.0) -> None:
    """Same shape, and |got - expected| <= atol + rtol·|expected| everywhere.

    `atol` is 0 unless given: with numpy's own 1e-8, `0.1**10` would be "close to 0".
    """
    _compare(got, expected, message, lambda a, b: np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def _compare(got: Any, expected: Any, message: str, same: Any) -> None:
    ours, theirs = np.asarray(expected), np.asarray(got)
    if theirs.dtype.kind not in "biuf" or theirs.shape != ours.shape or not same(theirs, ours):
        raise Mismatch(message, f"got {short(got)}, expected {short(expected)}")


def short(value: Any) -> str:
    """Return a value on one line, long arrays with their middle left out."""
    if isinstance(value, np.ndarray):
        if value.ndim > 1 and value.size > 12:
            return f"array of shape {value.shape}"
        with np.printoptions(threshold=8, edgeitems=3, precision=4, suppress=True, linewidth=200):
            body = " ".join(str(value).split())
        return f"array of shape {value.shape} {body}" if value.size > 1 else f"array({body})"
    text = _plain(value)
    return text if len(text) <= 200 else f"{text[:197]}…"


def _plain(value: Any) -> str:
    """Return the repr of a value, on one line, with arrays inside of it as `short` shows them."""
    if isinstance(value, tuple | list) and any(isinstance(item, np.ndarray) for item in value):
        inner = ", ".join(map(short, value))
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, dict) and any(isinstance(item, np.ndarray) for item in value.values()):
        return f"{{{', '.join(f'{key!r}: {short(item)}' for key, item in value.items())}}}"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
