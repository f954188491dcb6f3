"""Training by the judge: its own copy, its own seed, a recipe that was measured, and a memory of the result.

What a structure learns from given data by a given recipe is a pure function of
these and of the versions of the libraries, so it is computed once and kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from grader.judge import sentences
from grader.judge.asserts import Mismatch
from grader.judge.models import Refused, Spec, build, spec_of
from grader.judge.wire import Array, WireError, decode, encode

MAX_BYTES = 200_000_000
MAX_ENTRIES = 2000
_DIGEST = 16


class Recipe(Struct, frozen=True):
    """Full-batch Adam on the mean squared error."""

    steps: int = 120
    learning_rate: float = 0.005
    seed: int = 0


class Trainer:
    """The fixture `train` of hidden tests: `train(model, X, y, Recipe(seed=seed))`."""

    def __init__(self, memory: Path) -> None:
        """`memory` is a directory that may be deleted at any time; several processes may share it."""
        self._memory = Weights(memory)

    def __call__(self, model: Any, X: np.ndarray, y: np.ndarray, recipe: Recipe) -> Any:
        """Return a fresh model of the same structure, trained by `recipe`.

        X is (n, steps, features), y is (n,). The weights of `model` are not used, so
        a model handed in already trained gains nothing. Raises Mismatch for a
        structure that cannot be trained so.
        """
        # what a structure learns does not depend on what the learner would train it with
        spec = msgspec.structs.replace(spec_of(model), optimizer=None, loss=None)
        key = _key(spec, X, y, recipe)
        weights = self._memory.recall(key)
        if weights is None:
            try:
                weights = _trained_weights(spec, X, y, recipe)
            except Refused as refused:
                raise Mismatch(sentences.refused_model(refused.reason, "")) from None
            self._memory.keep(key, weights)
        trained = build(spec, zeros=True)
        trained.set_weights(weights)
        return trained


def _trained_weights(spec: Spec, X: np.ndarray, y: np.ndarray, recipe: Recipe) -> list[np.ndarray]:
    import keras

    keras.utils.set_random_seed(recipe.seed)
    fresh = build(spec, zeros=False)
    fresh.compile(optimizer=keras.optimizers.Adam(recipe.learning_rate), loss="mean_squared_error")
    target = y.reshape(len(y), 1)
    for _ in range(recipe.steps):
        fresh.train_on_batch(X, target)
    return [np.asarray(weight) for weight in fresh.get_weights()]


def _key(spec: Spec, X: np.ndarray, y: np.ndarray, recipe: Recipe) -> str:
    """Return the hash of everything that the result depends on."""
    around = [version(name) for name in ("numpy", "tensorflow", "keras")]
    around += [platform.machine(), str(os.cpu_count())]
    parts = (spec, encode(X), encode(y), recipe, around)
    encoded = msgspec.msgpack.encode(parts, order="deterministic")
    return hashlib.blake2b(encoded, digest_size=20).hexdigest()


class Weights:
    """Lists of float arrays on disk, by key. Whatever goes wrong there is a miss, never an error."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def recall(self, key: str) -> list[np.ndarray] | None:
        """Return what was kept under this key, or None if it is not there or not whole."""
        path = self._directory / key
        try:
            raw = path.read_bytes()
            body = raw[_DIGEST:]
            if hashlib.blake2b(body, digest_size=_DIGEST).digest() != raw[:_DIGEST]:
                return None
            arrays = msgspec.msgpack.decode(body, type=list[Array])
            weights = [decode(array) for array in arrays]
        except (OSError, msgspec.MsgspecError, WireError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the oldest unused entry is the first to go
        return weights

    def keep(self, key: str, weights: Sequence[np.ndarray]) -> None:
        """Keep these arrays under this key if the disk allows it; drop the oldest if there is too much."""
        body = msgspec.msgpack.encode([encode(weight) for weight in weights])
        path = self._directory / key
        mine = path.with_suffix(f".{os.getpid()}")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            mine.write_bytes(hashlib.blake2b(body, digest_size=_DIGEST).digest() + body)
            mine.replace(path)  # at once: another process sees all of it or nothing
        except OSError:
            with contextlib.suppress(OSError):
                mine.unlink()
        self._prune()

    def _prune(self) -> None:
        entries = []
        with contextlib.suppress(OSError):
            for path in self._directory.iterdir():
                with contextlib.suppress(OSError):  # another process may be pruning too
                    found = path.stat()
                    entries.append((found.st_mtime, found.st_size, path))
        total = 0
        for number, (_, size, path) in enumerate(sorted(entries, reverse=True), start=1):
            total += size
            if total > MAX_BYTES or number > MAX_ENTRIES:
                with contextlib.suppress(OSError):
                    path.unlink()
