"""Answers to the practice questions on section 10, computed by doing what each question describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Drawn = dict[str, float]


def _sums_in_a_row(drawn: Drawn) -> object:
    """Run Keras's Bidirectional around a SimpleRNN that adds its inputs, and look at the second row."""
    import keras

    adding = keras.layers.SimpleRNN(1, activation="linear", use_bias=False, return_sequences=True)
    layer = keras.layers.Bidirectional(adding, merge_mode="concat")
    layer.build((1, 4, 1))
    layer.set_weights([np.ones((1, 1))] * 4)
    inputs = np.array([drawn[name] for name in "abcd"], "float32").reshape(1, 4, 1)
    return tuple(map(float, np.asarray(layer(inputs))[0, 1]))


def _weights(drawn: Drawn) -> object:
    import keras

    units, features = int(drawn["units"]), int(drawn["features"])
    layers = [keras.layers.Bidirectional(keras.layers.LSTM(units)), keras.layers.Dense(1)]
    keras.Sequential([keras.Input(shape=(7, features)), *layers])
    return tuple(layer.count_params() for layer in layers)


def _merged_shape(drawn: Drawn) -> Any:
    import keras

    units, steps, features = (int(drawn[name]) for name in ("units", "steps", "features"))
    layer = keras.layers.Bidirectional(keras.layers.GRU(units, return_sequences=True), merge_mode="sum")
    return keras.Sequential([keras.Input(shape=(steps, features)), layer]).output_shape


def _last_row_of_both(_: Drawn) -> object:
    """Count for both halves of the last row the words that have an influence on it."""
    import keras

    layer = keras.layers.Bidirectional(keras.layers.SimpleRNN(4, return_sequences=True))
    words = np.random.default_rng(1).normal(size=(1, 10, 2)).astype("float32")
    before = np.asarray(layer(words))[0, -1]
    read = np.zeros((10, 2), bool)
    for word in range(10):
        changed = words.copy()
        changed[0, word] += 1
        read[word] = [half.any() for half in np.split(np.asarray(layer(changed))[0, -1] != before, 2)]
    forward, backward = read.sum(axis=0)
    return {(10, 1): "a", (10, 10): "b", (10, 0): "c", (1, 10): "d"}[int(forward), int(backward)]


def _forbidden_pairs(drawn: Drawn) -> object:
    """Count the pairs in which a causal network, a running sum, has no influence."""
    steps = int(drawn["steps"])
    influence = np.cumsum(np.eye(steps), axis=0)  # one row per output, one column per input
    return int((influence == 0).sum())


COMPUTED: dict[str, Callable[[Drawn], object]] = {
    "day4-p-sums-in-a-row": _sums_in_a_row,
    "day4-p-bidirectional-weights": _weights,
    "day4-p-merged-shape": _merged_shape,
    "day4-p-last-row-of-both": _last_row_of_both,
    "day4-p-forbidden-pairs": _forbidden_pairs,
}
