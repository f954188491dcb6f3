"""Answers to the practice questions on how Keras stores the weights of its cells."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

Drawn = dict[str, float]


def _rows_and_columns(drawn: Drawn) -> object:
    import keras

    layer = keras.layers.SimpleRNN(2)
    layer.build((1, 1, 1))
    recurrent = np.array([[0, drawn["first"]], [drawn["second"], 0]])
    layer.set_weights([np.zeros((1, 2)), recurrent, np.zeros(2)])
    return np.asarray(layer(np.zeros((1, 1, 1)), initial_state=np.array([[1, 0]], "float32")))[0]


def _columns_of_a_gate(drawn: Drawn) -> object:
    """Find the columns that make c negative: those of the candidate."""
    import keras

    units = int(drawn["units"])
    layer = keras.layers.LSTM(units, return_state=True)
    layer.build((1, 1, 1))
    found = []
    for column in range(4 * units):
        kernel = np.zeros((1, 4 * units))
        kernel[0, column] = -5
        layer.set_weights([kernel, np.zeros((units, 4 * units)), np.zeros(4 * units)])
        if np.asarray(layer(np.ones((1, 1, 1)))[2]).min() < 0:
            found.append(column)
    return found[0], found[-1]


def _bias_shape(drawn: Drawn) -> object:
    import keras

    layer = keras.layers.GRU(int(drawn["units"]))
    layer.build((1, 1, int(drawn["features"])))
    return tuple(layer.get_weights()[2].shape)


def _one_row_for_all(_: Drawn) -> object:
    rng = np.random.default_rng(0)
    x, h, Wx, Wh, b = (rng.normal(size=size) for size in ((5, 2), (1, 3), (2, 3), (3, 3), (3,)))
    same = np.tanh(x @ Wx + np.repeat(h, 5, axis=0) @ Wh + b)
    return "a" if np.allclose(np.tanh(x @ Wx + h @ Wh + b), same) else ""


def _which_sigmoid(_: Drawn) -> object:
    z, right = np.array([-1000.0, 1000.0]), []
    functions: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "a": lambda z: 0.5 * (1 + np.tanh(0.5 * z)),
        "b": lambda z: 1 / (1 + np.exp(-z)),
        "c": lambda z: np.exp(z) / (1 + np.exp(z)),
        "d": lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))),
        "e": lambda z: np.where(z > 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
    }
    for letter, function in functions.items():
        with warnings.catch_warnings(record=True) as shown:
            warnings.simplefilter("always")
            if np.allclose(function(z), [0, 1]) and not shown:
                right.append(letter)
    return "".join(right)


def _hidden_bias(_: Drawn) -> object:
    """Change each row of biases, and see whether the candidate of a GRU with a closed reset gate changes."""
    import keras

    layer = keras.layers.GRU(1)
    layer.build((1, 1, 1))

    def state(first: float, second: float) -> float:
        # the update gate is closed, so that the new state is the candidate
        bias = np.array([[-100, -100, first], [0, 0, second]])
        layer.set_weights([np.ones((1, 3)), np.ones((1, 3)), bias])
        return float(
            np.asarray(layer(np.zeros((1, 1, 1)), initial_state=np.full((1, 1), 0.5, "float32")))[0, 0]
        )

    rows = [state(0.3, 0) != state(0, 0), state(0, 0.3) != state(0, 0)]
    return {(True, False): "a", (True, True): "b", (False, True): "c", (False, False): "d"}[rows[0], rows[1]]


COMPUTED: dict[str, Callable[[Drawn], object]] = {
    "day4-p-rows-and-columns": _rows_and_columns,
    "day4-p-one-row-for-all": _one_row_for_all,
    "day4-p-columns-of-a-gate": _columns_of_a_gate,
    "day4-p-which-sigmoid": _which_sigmoid,
    "day4-p-bias-shape": _bias_shape,
    "day4-p-hidden-bias": _hidden_bias,
}
