"""Answers to the practice questions on section 12, computed by doing what each question describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Drawn = dict[str, float]


def _attend(q: Any, k: Any, v: Any, mask: Any = None) -> tuple[Any, Any]:
    """Return the results and weights of Keras's attention for one sequence, without scaling."""
    import keras

    q, k, v = (np.asarray(each, "float32")[np.newaxis] for each in (q, k, v))
    masks = None if mask is None else [None, np.asarray(mask)[np.newaxis]]
    out, weights = keras.layers.Attention()([q, v, k], mask=masks, return_attention_scores=True)
    return np.asarray(out)[0], np.asarray(weights)[0]


def _number_of_weights(drawn: Drawn) -> object:
    queries, keys = int(drawn["queries"]), int(drawn["keys"])
    return _attend(np.ones((queries, 3)), np.ones((keys, 3)), np.ones((keys, 2)))[1].size


def _one_query_less(_: Drawn) -> object:
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(4, 3)), rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    same = np.allclose(_attend(q, k, v)[0][:3], _attend(q[:3], k, v)[0], rtol=1e-5)
    return "a" if same else ""


def _scaled_score(drawn: Drawn) -> object:
    a, b = drawn["a"], drawn["b"]
    query, key = np.array([2.0, 0, a, 1]), np.array([3.0, 7, b, 2])
    # the log of the ratio of two weights is the difference of their scores; a key of zeros has the score 0
    weights = _attend([query / np.sqrt(4)], [key, 0 * key], np.ones((2, 1)))[1][0].astype(float)
    return float(np.log(weights[0] / weights[1]))


def _weight_after_scaling(drawn: Drawn) -> object:
    query, key = np.zeros(16), np.zeros(16)
    query[0], key[0] = 1.0, drawn["score"]
    return float(_attend([query / np.sqrt(16)], [key, 0 * key], np.ones((2, 1)))[1][0, 0])


def _shifted_scores(_: Drawn) -> object:
    scores = np.array([[1001.0], [1002.0], [1003.0]])
    shifted, small = (_attend([[1.0]], each, np.ones((3, 1)))[1] for each in (scores - 1003, scores - 1000))
    return "d" if np.allclose(shifted, small) else ""


def _weight_beside_a_hidden_key(drawn: Drawn) -> object:
    keys = [[drawn["first"]], [drawn["second"]], [1.0]]
    return float(_attend([[1.0]], keys, np.ones((3, 1)), [True, False, True])[1][0, 0])


def _line_that_hides(_: Drawn) -> object:
    scores, mask = np.array([[3.0, 1.0]]), np.array([[True, False]])
    lines = (scores * mask, np.where(mask, scores, -np.inf), np.where(mask, -np.inf, scores), scores[mask])
    weights = [np.exp(each) / np.exp(each).sum(axis=-1, keepdims=True) for each in lines]
    hides = [each.shape == (1, 2) and each[0, 1] == 0 for each in weights]
    return "".join(letter for letter, it_does in zip("abcd", hides, strict=True) if it_does)


def _row_of_a_causal_mask(_: Drawn) -> object:
    import keras

    x = np.random.default_rng(0).normal(size=(1, 4, 3)).astype("float32")
    weights = keras.layers.Attention()([x, x], use_causal_mask=True, return_attention_scores=True)[1]
    seen = "".join("T" if weight > 0 else "F" for weight in np.asarray(weights)[0, 1])
    return "abcd"[("TTFF", "FFTT", "FTTT", "TFFF").index(seen)]


def _read_backward(_: Drawn) -> object:
    words = np.random.default_rng(0).normal(size=(3, 5))
    means = [_attend(each, each, each)[0].mean(axis=0) for each in (words, words[::-1])]
    return "c" if np.allclose(*means, atol=1e-5) else ""


def _weights_of_an_attention_network(drawn: Drawn) -> object:
    import keras

    inputs = keras.Input(shape=(int(drawn["length"]), int(drawn["features"])))
    states = keras.layers.LSTM(int(drawn["units"]), return_sequences=True)(inputs)
    average = keras.layers.GlobalAveragePooling1D()(keras.layers.Attention()([states, states]))
    return int(keras.Model(inputs, keras.layers.Dense(1)(average)).count_params())


COMPUTED: dict[str, Callable[[Drawn], object]] = {
    "day4-p-number-of-weights": _number_of_weights,
    "day4-p-one-query-less": _one_query_less,
    "day4-p-scaled-score": _scaled_score,
    "day4-p-weight-after-scaling": _weight_after_scaling,
    "day4-p-shifted-scores": _shifted_scores,
    "day4-p-weight-beside-a-hidden-key": _weight_beside_a_hidden_key,
    "day4-p-line-that-hides": _line_that_hides,
    "day4-p-row-of-a-causal-mask": _row_of_a_causal_mask,
    "day4-p-read-backward": _read_backward,
    "day4-p-weights-of-an-attention-network": _weights_of_an_attention_network,
}
