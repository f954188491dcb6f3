"""Train models in the judge, on its own copy and with its own seed, and cache the results.

The trained weights depend only on the structure, the data, the recipe and the
library versions. They are therefore computed once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from grader.judge import sentences
from grader.judge.disk_cache import DiskCache, key_of
from grader.judge.models import InitialWeights, ModelRefused, Spec, build, check_batch, spec_of
from grader.judge.server.asserts import Mismatch
from grader.judge.wire.values import Array, decode, encode


class Recipe(Struct, frozen=True):
    """A training recipe: full-batch Adam on the mean squared error.

    `seed` draws the initial weights.
    """

    steps: int = 120
    learning_rate: float = 0.005
    seed: int = 0


class Trainer:
    """The fixture `train` of hidden tests, called as `train(model, X, y, Recipe(seed=seed))`."""

    def __init__(self, memory: Path) -> None:
        """Cache results in the directory `memory`, which can be shared and deleted at any time."""
        self._memory: DiskCache[list[Array]] = DiskCache(memory, list[Array])
        self._last: tuple[str, _Training] | None = None

    def __call__(self, model: Any, X: np.ndarray, y: np.ndarray, recipe: Recipe) -> Any:
        """Return a new model of the same structure, trained by `recipe`.

        `model` must be one that the judge rebuilt. X has shape (n, steps, features), y
        has shape (n,). The weights of `model` are ignored, so submitting a trained model
        has no effect. Raises Mismatch if the structure cannot be trained like this.
        """
        # the result does not depend on the optimizer and loss that the learner chose
        spec = msgspec.structs.replace(spec_of(model), optimizer=None, loss=None, compile_options=())
        data = encode(X), encode(y)
        key = key_of(spec, *data, recipe)
        weights = self._memory.recall(key)
        if weights is None:
            # trainings that differ only in the seed share the compiled step
            shared = key_of(spec, *data, recipe.learning_rate)
            try:
                check_batch(spec, [np.shape(X)])
                if self._last is None or self._last[0] != shared:
                    self._last = shared, _Training(spec, X, y, recipe.learning_rate)
                weights = [_array(weight) for weight in self._last[1].weights(recipe.steps, recipe.seed)]
            except ModelRefused as refused:
                raise Mismatch(sentences.refused_model(refused.general, "")) from None
            self._memory.keep(key, weights)
        trained = build(spec, InitialWeights.ZEROS)
        trained.set_weights([decode(weight) for weight in weights])
        return trained


def _array(weight: np.ndarray) -> Array:
    array = encode(weight)
    assert isinstance(array, Array)
    return array


class _Training:
    """A structure that can be trained repeatedly on the same data, each time from new weights.

    The result equals that of Keras's `train_on_batch` with all of the data, bit for
    bit. Compiling a step takes as long as several hundred steps. Keras would compile
    twice per training, because its optimizer has no variables at first.
    """

    def __init__(self, spec: Spec, X: np.ndarray, y: np.ndarray, learning_rate: float) -> None:
        """Build the model and compile its training step. Raises ModelRefused."""
        import keras
        import tensorflow as tf

        self._spec = spec
        self._model = model = build(spec, InitialWeights.ZEROS)
        self._state = [*model.variables]
        optimizer = keras.optimizers.Adam(learning_rate)
        model.compile(optimizer=optimizer, loss="mean_squared_error")
        optimizer.build(model.trainable_variables)
        self._optimizer = [(variable, np.asarray(variable)) for variable in optimizer.variables]
        batch = [tf.constant(part, "float32") for part in (X, y.reshape(len(y), 1))]
        self._step = tf.function(lambda: model.train_step(batch), autograph=False)

    def weights(self, steps: int, seed: int) -> list[np.ndarray]:
        """Return the weights after `steps` steps, starting from weights drawn with `seed`.

        Raises ModelRefused.
        """
        import keras

        keras.utils.set_random_seed(seed)
        fresh = build(self._spec, InitialWeights.KERAS_DEFAULTS)
        for variable, initial in zip(self._state, fresh.variables, strict=True):
            variable.assign(initial)
        for variable, initial in self._optimizer:
            variable.assign(initial)
        for _ in range(steps):
            self._step()
        return [np.asarray(weight) for weight in self._model.get_weights()]
