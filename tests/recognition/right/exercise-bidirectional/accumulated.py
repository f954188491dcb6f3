from itertools import accumulate

import keras
import numpy as np

JOIN = {
    "concat": lambda f, b: np.concatenate((f, b), axis=-1),
    "sum": np.add,
    "ave": lambda f, b: np.mean([f, b], axis=0),
}


def states(step, inputs):
    return list(accumulate([None, *inputs], lambda h, x: step(x, h)))[1:]


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if X.ndim != 3 or merge not in JOIN:
        raise ValueError(f"cannot merge {X.shape} by {merge!r}")
    inputs = list(np.moveaxis(X, 1, 0))
    pairs = zip(states(step_f, inputs), reversed(states(step_b, reversed(inputs))), strict=True)
    return np.moveaxis(np.array([JOIN[merge](f, b) for f, b in pairs]), 0, 1)


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in JOIN:
        raise ValueError(merge)
    model = keras.Sequential(
        layers=[
            keras.layers.InputLayer(shape=(T, F)),
            keras.layers.Bidirectional(
                merge_mode=merge, layer=keras.layers.LSTM(units=units, return_sequences=True)
            ),
            keras.layers.TimeDistributed(keras.layers.Dense(n_out)),
        ]
    )
    model.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())
    return model


def is_causal(predict, T, F):
    base = np.zeros((1, T, F))
    first = predict(base)

    def is_quiet(s):
        probe = base.copy()
        probe[0, s] = 1
        return np.array_equal(predict(probe)[:, :s], first[:, :s])

    return all(is_quiet(s) for s in range(T))
