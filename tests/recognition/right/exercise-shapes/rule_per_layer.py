"""Models built with add(); helpers for everything that occurs twice."""

import math

import keras
import numpy as np


def finished(model):
    model.compile(loss="mean_squared_error", optimizer=keras.optimizers.Adam(learning_rate=0.001))
    return model


def build_many_to_one(T, F, units, n_out):
    model = keras.models.Sequential()
    model.add(keras.layers.Input(shape=(T, F)))
    for return_sequences in (True, False):
        model.add(keras.layers.SimpleRNN(units=units, return_sequences=return_sequences))
    model.add(keras.layers.Dense(units=n_out))
    return finished(model)


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = keras.models.Sequential()
    if batch_size:
        model.add(keras.layers.Input(batch_shape=(batch_size, T, F)))
    else:
        model.add(keras.layers.Input(shape=(T, F)))
    model.add(keras.layers.SimpleRNN(units=units, return_sequences=True, stateful=bool(batch_size)))
    model.add(keras.layers.Dense(units=n_out))
    return finished(model)


def recurrent(spec, shape):
    need(3, spec, shape)
    samples, steps, _ = shape
    return (samples, steps, spec["units"]) if spec.get("return_sequences", False) else (samples, spec["units"])


def dense(spec, shape):
    return shape[:-1] + (spec["units"],)


def dropout(spec, shape):
    return shape


def repeat_vector(spec, shape):
    need(2, spec, shape)
    samples, features = shape
    return samples, spec["n"], features


def flatten(spec, shape):
    samples, *rest = shape
    return samples, None if None in rest else math.prod(rest)


def need(axes, spec, shape):
    if len(shape) != axes:
        raise ValueError(f"{spec['layer']} cannot read {shape}: it needs {axes} axes")


RULES = {
    "SimpleRNN": recurrent,
    "LSTM": recurrent,
    "GRU": recurrent,
    "Dense": dense,
    "Dropout": dropout,
    "RepeatVector": repeat_vector,
    "Flatten": flatten,
}


def predict_shape(layers_spec, input_shape):
    shape = tuple(input_shape)
    for spec in layers_spec:
        if spec["layer"] not in RULES:
            raise ValueError(f"{spec['layer']} is not in the table")
        shape = RULES[spec["layer"]](spec, shape)
    return shape


def stateful_predict(model, X, chunk):
    if np.ndim(X) != 3:
        raise ValueError(f"X needs three axes, not {np.ndim(X)}")
    if chunk < 1:
        raise ValueError(f"chunk needs to be at least 1, not {chunk}")
    for layer in model.layers:
        try:
            reset = layer.reset_state
        except AttributeError:
            continue
        reset()
    result = []
    done = 0
    while done < X.shape[1]:
        result.append(np.asarray(model.predict(X[:, done : done + chunk, :])))
        done += chunk
    return np.hstack(result)
