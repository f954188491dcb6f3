"""The inputs on which the worker evaluates a learner's own functions, for the judge to identify them.

Learner code cannot cross, so the judge compares values with those of known functions. Code
can lie about its values. It gains nothing by that: the judge then rebuilds the model with
the known function, just as if the learner had written it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

MARK = "__values__"  # the class name in a configuration that refers to a function's values
PROBABILITIES = 3
LENGTH = 5  # entries on an axis of unknown length


def activation_inputs() -> np.ndarray:
    """Return rows of numbers from -9 to 9, for functions that keep the shape."""
    return _waves((9, 5))


def layer_inputs(shape: tuple[int | None, ...]) -> np.ndarray:
    """Return two samples for a layer with this input shape, whose first axis is the batch."""
    return _waves((2, *(LENGTH if n is None else n for n in shape[1:])))


def loss_inputs() -> list[tuple[np.ndarray, np.ndarray]]:
    """Return pairs of targets and predictions. The last PROBABILITIES pairs are rows of probabilities."""
    import numpy as np

    numbers = _waves((4, 3, 2))
    rows = np.exp(_waves((4, 3, 4)) / 6)
    rows /= rows.sum(axis=-1, keepdims=True)
    hot = np.eye(4, dtype="float32")[[0, 2, 1]]
    columns = [(numbers[n, :, :1], numbers[n, :, 1:]) for n in range(4)]
    return [*columns, (hot, rows[0]), (hot[::-1].copy(), rows[1]), (rows[2], rows[3])]


def _waves(shape: tuple[int, ...]) -> np.ndarray:
    import numpy as np

    # irregular enough that two entries are never equal
    waves = 9 * np.sin(1.7 * np.arange(math.prod(shape)) ** 1.1 + 0.3)
    return np.asarray(waves, dtype="float32").reshape(shape)
