from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StepBack:
    """What the backward pass finds at one step."""

    index: int
    at_sum: Floats
    at_old_state: Floats


def _walk_back(H: Floats, Wh: Floats, error: Floats) -> Iterator[StepBack]:
    current = np.asarray(error, dtype=np.float64)
    for index in reversed(range(len(H) - 1)):
        at_sum = current - current * np.square(H[index + 1])
        current = np.matmul(Wh, at_sum)
        yield StepBack(index, at_sum, current)


def rnn_forward(X: Floats, Wx: Floats, Wh: Floats, b: Floats) -> Floats:
    """All states, with the zero state first."""
    H: Floats = np.zeros((X.shape[0] + 1, Wh.shape[1]), dtype=np.float64)
    for t in range(X.shape[0]):
        np.tanh(np.matmul(X[t], Wx) + np.matmul(H[t], Wh) + b, out=H[t + 1])
    return H


def rnn_backward(X: Floats, H: Floats, Wx: Floats, Wh: Floats, dh_T: Floats) -> dict[str, Floats]:
    return truncated(X, H, Wx, Wh, dh_T, k=X.shape[0])


def gradient_norms(Wh: Floats, H: Floats, dh_T: Floats) -> Floats:
    errors = [np.asarray(dh_T, dtype=np.float64), *(step.at_old_state for step in _walk_back(H, Wh, dh_T))]
    return np.hypot.reduce(np.stack(errors[::-1]), axis=1)


def clip_by_global_norm(grads: Sequence[Floats], max_norm: float) -> tuple[list[Floats], float]:
    if max_norm <= 0:
        message = f"max_norm should be positive: {max_norm}"
        raise ValueError(message)
    norm = float(np.sqrt(np.sum([np.sum(np.abs(grad) ** 2) for grad in grads])))
    scale = 1.0 if norm <= max_norm else max_norm / norm
    return [np.multiply(grad, scale) for grad in grads], norm


def truncated(
    X: Floats, H: Floats, Wx: Floats, Wh: Floats, dh_T: Floats, k: int
) -> dict[str, Floats]:
    if k < 1:
        message = f"k should be at least one step: {k}"
        raise ValueError(message)
    grads: OrderedDict[str, Floats] = OrderedDict()
    inner = np.zeros((X.shape[0], Wh.shape[0]))
    for number, step in enumerate(_walk_back(H, Wh, dh_T)):
        if number == k:
            break
        inner[step.index] = step.at_sum
    grads["b"] = inner.sum(axis=0)
    grads["Wx"] = np.tensordot(X, inner, axes=(0, 0))
    grads["Wh"] = np.tensordot(H[:-1], inner, axes=(0, 0))
    grads["x"] = np.inner(inner, Wx)
    return dict(grads)
