"""Training by the judge: its own copy, its own seed, a recipe that was measured, and a memory of the result.

What a structure learns from given data by a given recipe is a pure function of
these and of the versions of the libraries, so it is computed once and kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from grader.judge import sentences
from grader.judge.asserts import Mismatch
from grader.judge.memory import Memory, key_of
from grader.judge.models import Refused, Spec, build, spec_of
from grader.judge.wire import Array, decode, encode


class Recipe(Struct, frozen=True):
    """Full-batch Adam on the mean squared error."""

    steps: int = 120
    learning_rate: float = 0.005
    seed: int = 0


class Trainer:
    """The fixture `train` of hidden tests: `train(model, X, y, Recipe(seed=seed))`."""

    def __init__(self, memory: Path) -> None:
        """`memory` is a directory that may be deleted at any time; several processes may share it."""
        self._memory: Memory[list[Array]] = Memory(memory, list[Array])

    def __call__(self, model: Any, X: np.ndarray, y: np.ndarray, recipe: Recipe) -> Any:
        """Return a fresh model of the same structure, trained by `recipe`.

        X is (n, steps, features), y is (n,). The weights of `model` are not used, so
        a model handed in already trained gains nothing. Raises Mismatch for a
        structure that cannot be trained so.
        """
        # what a structure learns does not depend on what the learner would train it with
        spec = msgspec.structs.replace(spec_of(model), optimizer=None, loss=None)
        key = key_of(spec, encode(X), encode(y), recipe)
        weights = self._memory.recall(key)
        if weights is None:
            try:
                weights = [_array(weight) for weight in _trained_weights(spec, X, y, recipe)]
            except Refused as refused:
                raise Mismatch(sentences.refused_model(refused.reason, "")) from None
            self._memory.keep(key, weights)
        trained = build(spec, zeros=True)
        trained.set_weights([decode(weight) for weight in weights])
        return trained


def _array(weight: np.ndarray) -> Array:
    array = encode(weight)
    assert isinstance(array, Array)
    return array


def _trained_weights(spec: Spec, X: np.ndarray, y: np.ndarray, recipe: Recipe) -> list[np.ndarray]:
    import keras

    keras.utils.set_random_seed(recipe.seed)
    fresh = build(spec, zeros=False)
    fresh.compile(optimizer=keras.optimizers.Adam(recipe.learning_rate), loss="mean_squared_error")
    target = y.reshape(len(y), 1)
    for _ in range(recipe.steps):
        fresh.train_on_batch(X, target)
    return [np.asarray(weight) for weight in fresh.get_weights()]
