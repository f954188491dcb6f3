"""The answers go into an array that is made in advance."""

import keras
import numpy as np
from keras.layers import Dense, SimpleRNN


def _compile(model):
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.mean_squared_error)
    return model


def build_many_to_one(T, F, units, n_out):
    return _compile(
        keras.Sequential(
            [
                keras.Input((T, F)),
                SimpleRNN(units, "tanh", return_sequences=True),
                SimpleRNN(units),
                Dense(n_out),
            ]
        )
    )


def build_many_to_many(T, F, units, n_out, batch_size=None):
    first = SimpleRNN(units, activation="tanh", return_sequences=True, stateful=batch_size is not None)
    return _compile(keras.Sequential([keras.Input((T, F), batch_size), first, Dense(n_out, use_bias=True)]))


def predict_shape(layers_spec, input_shape):
    known = ("SimpleRNN", "LSTM", "GRU", "Dense", "Dropout", "RepeatVector", "Flatten")
    shapes = [tuple(input_shape)]
    for spec in layers_spec:
        kind, before = spec["layer"], shapes[-1]
        if kind not in known:
            raise ValueError(f"{kind} is not one of {known}")
        needs = {"RepeatVector": 2, "SimpleRNN": 3, "LSTM": 3, "GRU": 3}.get(kind)
        if needs is not None and needs != len(before):
            raise ValueError(f"{kind} needs {needs} axes, got {before}")
        size = 1
        for n in before[1:]:
            size = None if None in (n, size) else n * size
        after = {
            "Dense": before[:-1] + (spec.get("units"),),
            "Dropout": before,
            "RepeatVector": (before[0], spec.get("n"), before[-1]),
            "Flatten": (before[0], size),
        }.get(kind, (before[0],) + before[1:2] * bool(spec.get("return_sequences")) + (spec.get("units"),))
        shapes.append(after)
    return shapes[-1]


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError(f"{X.ndim} axes")
    if chunk < 1:
        raise ValueError(f"chunk {chunk}")
    for layer in model.layers:
        if "reset_state" in dir(layer):
            layer.reset_state()
    answers = None
    for begin in range(0, X.shape[1], chunk):
        end = min(begin + chunk, X.shape[1])
        piece = np.asarray(model.predict(X[:, begin:end], verbose=0))
        if answers is None:
            answers = np.empty((X.shape[0], X.shape[1], piece.shape[2]))
        answers[:, begin:end] = piece
    return answers
