from functools import reduce
from operator import mul

import keras
import numpy as np


def network(layers, loss=keras.losses.MeanSquaredError):
    model = keras.models.Sequential(layers)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001), loss=loss())
    return model


def build_many_to_one(T, F, units, n_out):
    stack = [keras.layers.SimpleRNN(units, return_sequences=is_first) for is_first in (True, False)]
    return network([keras.layers.Input([T, F]), *stack, keras.layers.Dense(n_out, name="answer")])


def build_many_to_many(T, F, units, n_out, batch_size=None):
    options = {"return_sequences": True, **({"stateful": True} if batch_size else {})}
    return network(
        [
            keras.layers.Input([T, F], batch_size=batch_size),
            keras.layers.SimpleRNN(units, **options),
            keras.layers.TimeDistributed(keras.layers.Dense(n_out)),
        ]
    )


def cell(shape, layer):
    b, t, _ = shape  # anything but three axes is a ValueError
    return (b, t, layer["units"]) if layer.get("return_sequences", False) else (b, layer["units"])


def repeat(shape, layer):
    b, f = shape
    return b, layer["n"], f


def flat(shape, _):
    return shape[0], None if None in shape[1:] else reduce(mul, shape[1:])


RULES = dict.fromkeys(["SimpleRNN", "LSTM", "GRU"], cell) | {
    "Dense": lambda shape, layer: (*shape[:-1], layer["units"]),
    "Dropout": lambda shape, _: shape,
    "RepeatVector": repeat,
    "Flatten": flat,
}


def predict_shape(layers_spec, input_shape):
    def step(shape, layer):
        if layer["layer"] not in RULES:
            raise ValueError(layer["layer"])
        return RULES[layer["layer"]](shape, layer)

    return reduce(step, layers_spec, input_shape)


def stateful_predict(model, X, chunk):
    _, steps, _ = X.shape
    if chunk < 1:
        raise ValueError(chunk)
    for layer in filter(lambda layer: hasattr(layer, "reset_states"), model.layers):
        layer.reset_states()
    answers = []
    for number in range(-(-steps // chunk)):
        answers.append(
            model.predict(X[:, number * chunk : (number + 1) * chunk], batch_size=len(X), verbose=0)
        )
    return np.concatenate(answers, 1)
