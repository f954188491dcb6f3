"""A stand-in for a stateful Keras model. Its layers keep their states from one `predict` to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.judge.wire.stand_in import StandIn, free, free_arguments

BATCH = 32  # Keras's default


class LayerStandIn(StandIn):
    """A layer without a state. `run` computes its output from its input."""

    def __init__(self, name: str, run: Callable[[np.ndarray], np.ndarray]) -> None:
        super().__init__(name)
        self.name = name
        self._run = run


class StatefulLayerStandIn(StandIn):
    """A stateful recurrent layer that returns the states of all steps.

    `step` computes the next state `(B, U)` from the input of one step `(B, F)` and the
    state. As in Keras, the layer holds one state per sequence, and a batch of another
    size fails or is repeated as numpy repeats an axis of length 1.
    """

    def __init__(
        self,
        name: str,
        shape: tuple[int, int],
        step: Callable[[np.ndarray, np.ndarray], np.ndarray],
    ) -> None:
        """Set the shape of the state: the number of sequences and of units."""
        super().__init__(name)
        self.name = name
        self.stateful = True
        self.return_sequences = True
        self._state = np.zeros(shape)
        self._step = step

    @free
    def reset_state(self) -> None:
        """Set the state to zero."""
        self._state = np.zeros_like(self._state)

    @free
    def reset_states(self) -> None:
        """Do the same: Keras 3 keeps the older name for layers, but not for models."""
        self.reset_state()

    def _run(self, x: np.ndarray) -> np.ndarray:
        if x.ndim != 3:
            raise ValueError(f"expected ndim=3, found ndim={x.ndim}. Full shape received: {x.shape}")
        states = []
        for t in range(x.shape[1]):
            self._state = self._step(x[:, t], self._state)
            states.append(self._state)
        return np.stack(states, axis=1)


class StatefulModelStandIn(StandIn):
    """A chain of layers with Keras's `layers` and `predict`, for tests of code that carries states."""

    def __init__(self, name: str, layers: list[Any]) -> None:
        """Set the name within the test, and the layers in order."""
        super().__init__(name)
        self.layers = layers
        self._pieces: list[np.ndarray] = []  # what each call of `predict` has read

    # how a call is divided into batches shows in the results
    @free_arguments("batch_size", "verbose", "steps", "callbacks")
    def predict(
        self, x: Any, batch_size: Any = None, verbose: Any = "auto", steps: Any = None, callbacks: Any = None
    ) -> np.ndarray:
        """Return float32 outputs, and leave the states where they are. Raises ValueError as Keras does."""
        x = np.asarray(x, dtype=np.float64)
        size = BATCH if batch_size is None else int(batch_size)
        if x.ndim < 2 or 0 in x.shape or size < 1:
            raise ValueError(f"x has shape {x.shape}, and batch_size is {batch_size}")
        self._pieces.append(x)
        batches = [self._run(x[first : first + size]) for first in range(0, len(x), size)]
        return np.concatenate(batches[:steps]).astype(np.float32)

    @free
    def predict_on_batch(self, x: Any) -> np.ndarray:
        """Return what `predict` returns."""
        return self.predict(x)

    def _run(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer._run(x)
        return x
