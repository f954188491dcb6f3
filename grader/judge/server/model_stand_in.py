"""A stand-in for a compiled Keras model, with Keras's signatures and their meaning."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.judge import sentences
from grader.judge.server.asserts import Mismatch, NotJudged
from grader.judge.wire.stand_in import StandIn, free, free_arguments
from grader.judge.wire.values import Opaque

MAX_EPOCHS = 1000
_BATCH = 32  # Keras's default
_ONLY_WATCH = frozenset(
    "History ProgbarLogger CSVLogger TensorBoard TerminateOnNaN ModelCheckpoint RemoteMonitor".split()
)
_CHANGE_TRAINING = frozenset(
    "EarlyStopping ReduceLROnPlateau LearningRateScheduler BackupAndRestore SwapEMAWeights".split()
)
# other methods of Keras's models; calling one is answered with a sentence
_REFUSED = (
    "train_on_batch compile compile_from_config build call summary save save_weights load_weights"
    " get_weights set_weights get_layer add pop reset_states export quantize get_config to_json"
).split()


class History(StandIn):
    """The return value of `fit`."""

    def __init__(self, model: ModelStandIn, epochs: list[int], losses: dict[str, list[float]]) -> None:
        super().__init__(f"history of {model}")
        self.epoch = epochs
        self.history = losses


class ModelStandIn(StandIn):
    """A model with one output that is trained on the mean squared error, for tests of code that trains.

    A subclass computes one epoch of training in `_learn(x, y)` and predictions of shape
    (n,) in `_answer(x)`. `_fits` lists the targets and the epochs of each call to `fit`.
    A validation split is only measured: it takes nothing away from the training data.
    """

    def __init__(self, name: str, params: int) -> None:
        """Set the name within the test, and the number of weights."""
        super().__init__(name)
        self._params = params
        self._fits: list[tuple[np.ndarray, int]] = []

    def _learn(self, x: np.ndarray, y: np.ndarray) -> None:
        raise NotImplementedError

    def _answer(self, x: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    # what the arguments that recognition ignores do is either up to the learner or refused
    @free_arguments(
        *("batch_size", "verbose", "callbacks", "validation_split", "validation_data", "shuffle"),
        *("class_weight", "sample_weight", "steps_per_epoch", "validation_steps"),
        *("validation_batch_size", "validation_freq"),
    )
    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Any = None,
        epochs: Any = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: Any = 0.0,
        validation_data: Any = None,
        shuffle: Any = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: Any = 0,
        steps_per_epoch: Any = None,
        validation_steps: Any = None,
        validation_batch_size: Any = None,
        validation_freq: Any = 1,
    ) -> History:
        """Train for `epochs - initial_epoch` epochs. Raises Mismatch, NotJudged, ValueError."""
        x, y = _pair(x, y)
        for callback in callbacks if isinstance(callbacks, list | tuple) else [callbacks]:
            _check_callback(callback)
        if class_weight is not None or not _all_equal(sample_weight):
            raise Mismatch(sentences.weighted_fit("class_weight" if class_weight else "sample_weight"))
        batches = math.ceil(len(x) / _size_of(batch_size))
        if steps_per_epoch is not None and steps_per_epoch < batches:
            raise Mismatch(sentences.partial_epochs())
        run = range(int(initial_epoch), int(epochs))
        if len(run) > MAX_EPOCHS:
            raise ValueError(f"epochs is {epochs}")
        held_out = validation_data or None
        if held_out is None and validation_split:
            first = int(len(x) * (1 - validation_split))
            held_out = x[first:], y[first:]
        losses: dict[str, list[float]] = {"loss": [], **({"val_loss": []} if held_out else {})}
        for _ in run:
            losses["loss"].append(self._error(x, y))  # before the update, as in Keras
            self._learn(x, y)
            if held_out:
                losses["val_loss"].append(self._error(*_pair(*held_out[:2])))
        self._fits.append((y, len(run)))
        return History(self, [*run], losses)

    @free
    def predict(
        self, x: Any, batch_size: Any = None, verbose: Any = "auto", steps: Any = None, callbacks: Any = None
    ) -> np.ndarray:
        """Return float32 predictions of shape (n, 1)."""
        answers = self._answer(_first(np.asarray(x, dtype=np.float64), batch_size, steps))
        return answers[:, np.newaxis].astype(np.float32)

    @free
    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Any = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: Any = None,
        callbacks: Any = None,
        return_dict: Any = False,
    ) -> float | dict[str, float]:
        """Return the mean squared error."""
        x, y = (_first(part, batch_size, steps) for part in _pair(x, y))
        weights = 1.0 if sample_weight is None else np.ravel(sample_weight)[: len(x)]
        mse = self._error(x, y, weights)
        return {"loss": mse} if return_dict else mse

    @free
    def predict_on_batch(self, x: Any) -> np.ndarray:
        """Return what `predict` returns."""
        return self.predict(x)

    @free
    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: Any = False
    ) -> float | dict[str, float]:
        """Return what `evaluate` returns."""
        return self.evaluate(x, y, sample_weight=sample_weight, return_dict=return_dict)

    @free
    def count_params(self) -> int:
        """Return the number of weights."""
        return self._params

    def _error(self, x: np.ndarray, y: np.ndarray, weights: Any = 1.0) -> float:
        # Keras compares predictions of float32, so the error depends on its precision
        answers = self._answer(x).astype(np.float32)
        return float(np.mean(weights * (answers - y) ** 2))


def _refused(name: str) -> Callable[..., Any]:
    def method(self: ModelStandIn, *_: Any, **__: Any) -> None:
        raise Mismatch(sentences.stand_in_method(name))

    method.__name__ = name
    return method


for _name in _REFUSED:
    setattr(ModelStandIn, _name, _refused(_name))


def _pair(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    if y is None:
        raise ValueError("the targets y are missing")
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(x) != len(y):
        raise ValueError(f"Data cardinality is ambiguous: x has {len(x)} samples, y has {len(y)}")
    return x, np.ravel(y)


def _first(array: np.ndarray, batch_size: Any, steps: Any) -> np.ndarray:
    """Return the samples of the first `steps` batches, or all if it is None."""
    size = _size_of(batch_size)
    return array if steps is None else array[: int(steps) * size]


def _size_of(batch_size: Any) -> int:
    """Return the number of samples in a batch. Raises ValueError if there are none, as Keras does."""
    size = _BATCH if batch_size is None else int(batch_size)
    if size < 1:
        raise ValueError(f"batch_size is {batch_size}, but a batch needs at least one sample")
    return size


def _all_equal(weights: Any) -> bool:
    return weights is None or bool(np.ptp(np.asarray(weights, dtype=np.float64)) == 0)


def _check_callback(callback: Any) -> None:
    """Accept callbacks that only watch. Learner code's callbacks arrive as the names of their types."""
    if callback is None:
        return
    kind = callback.type if isinstance(callback, Opaque) else type(callback).__name__
    package, _, name = kind.rpartition(".")
    if name in _CHANGE_TRAINING:
        raise Mismatch(sentences.stand_in_callback(name))
    if name not in _ONLY_WATCH or not package.startswith("keras."):
        raise NotJudged(sentences.unknown_callback())
