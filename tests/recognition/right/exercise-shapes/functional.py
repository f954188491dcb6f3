import math

import numpy as np
from keras import Input, Model, layers


def compiled(inputs, outputs):
    model = Model(inputs, outputs)
    model.compile("adam", "mean_squared_error", metrics=["mae"])
    return model


def build_many_to_one(T, F, units, n_out):
    inputs = Input((T, F))
    states = layers.SimpleRNN(units, return_sequences=True)(inputs)
    states = layers.SimpleRNN(units, return_sequences=True)(states)
    return compiled(inputs, layers.Dense(n_out)(states[:, -1]))


def build_many_to_many(T, F, units, n_out, batch_size=None):
    inputs = Input(batch_shape=(batch_size, T, F))
    layer = layers.SimpleRNN(units, return_sequences=True, stateful=bool(batch_size))
    return compiled(inputs, layers.TimeDistributed(layers.Dense(n_out))(layer(inputs)))


def predict_shape(layers_spec, input_shape):
    samples, *rest = input_shape
    for options in layers_spec:
        match options:
            case {"layer": "SimpleRNN" | "LSTM" | "GRU", "units": units}:
                if len(rest) != 2:
                    raise ValueError(f"{options} cannot read {(samples, *rest)}")
                rest = [rest[0], units] if options.get("return_sequences") else [units]
            case {"layer": "Dense", "units": units}:
                rest[-1] = units
            case {"layer": "Dropout"}:
                continue
            case {"layer": "RepeatVector", "n": n}:
                if len(rest) != 1:
                    raise ValueError(f"{options} cannot read {(samples, *rest)}")
                rest = [n, *rest]
            case {"layer": "Flatten"}:
                rest = [None if None in rest else math.prod(rest)]
            case _:
                raise ValueError(f"unknown: {options}")
    return (samples, *rest)


def stateful_predict(model, X, chunk):
    if np.ndim(X) != 3:
        raise ValueError(f"X with {np.ndim(X)} axes")
    if not chunk >= 1:
        raise ValueError(f"chunk {chunk}")
    [layer.reset_state() for layer in model.layers if getattr(layer, "stateful", False)]
    cuts = list(range(chunk, X.shape[1], chunk))
    return np.hstack([model.predict(piece, verbose=0) for piece in np.split(X, cuts, axis=1)])
