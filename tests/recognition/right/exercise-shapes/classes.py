from dataclasses import dataclass

import keras
import numpy as np


@dataclass
class Layer:
    layer: str
    units: int = 0
    return_sequences: bool = False
    n: int = 0
    rate: float = 0.0

    def __call__(self, shape):
        name = self.layer.lower()
        if self.layer not in ("SimpleRNN", "LSTM", "GRU", "Dense", "Dropout", "RepeatVector", "Flatten"):
            raise ValueError(f"no layer {self.layer!r}")
        if self.layer in ("SimpleRNN", "LSTM", "GRU"):
            name = "recurrent"
        return tuple(getattr(self, name)(*shape))

    def recurrent(self, samples, *axes):
        if len(axes) != 2:
            raise ValueError(f"{self.layer} reads a sequence, not {axes}")
        return (samples, axes[0], self.units) if self.return_sequences else (samples, self.units)

    def dense(self, *shape):
        return [*shape[:-1], self.units]

    def dropout(self, *shape):
        return shape

    def repeatvector(self, samples, *axes):
        if len(axes) != 1:
            raise ValueError(f"{self.layer} reads a vector, not {axes}")
        return samples, self.n, *axes

    def flatten(self, samples, *axes):
        return samples, (int(np.prod(axes)) if all(axis is not None for axis in axes) else None)


def predict_shape(layers_spec, input_shape):
    shape = tuple(input_shape)
    for layer in layers_spec:
        shape = Layer(**layer)(shape)
    return shape


class Builder:
    def __init__(self, T, F, batch_size=None):
        self.model = keras.Sequential([keras.Input(batch_shape=(batch_size, T, F))])

    def rnn(self, units, **options):
        self.model.add(keras.layers.SimpleRNN(units, **options))
        return self

    def end(self, n_out):
        self.model.add(keras.layers.Dense(n_out))
        self.model.compile(optimizer="adam", loss="mse")
        return self.model


def build_many_to_one(T, F, units, n_out):
    return Builder(T, F).rnn(units, return_sequences=True).rnn(units).end(n_out)


def build_many_to_many(T, F, units, n_out, batch_size=None):
    stateful = batch_size is not None
    return Builder(T, F, batch_size).rnn(units, return_sequences=True, stateful=stateful).end(n_out)


def pieces(X, chunk):
    for start in range(0, X.shape[1], chunk):
        yield X[:, start : start + chunk]


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError(f"X: {X.shape}")
    if chunk < 1:
        raise ValueError(f"chunk: {chunk}")
    for layer in reversed(model.layers):
        getattr(layer, "reset_state", lambda: None)()
    return np.concatenate([model.predict_on_batch(piece) for piece in pieces(X, chunk)], axis=1)
