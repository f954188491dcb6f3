"""A small class per idea."""

import keras
import numpy as np


class ManyToOne:
    """Builds the model layer by layer."""

    def __init__(self, T, F):
        self.inputs = self.last = keras.Input(shape=(T, F))

    def then(self, layer):
        self.last = layer(self.last)
        return self

    def compiled(self):
        model = keras.Model(self.inputs, self.last)
        model.compile(optimizer="Adam", loss="MSE")
        return model


def build_many_to_one(T, F, units, n_out):
    return (
        ManyToOne(T, F)
        .then(keras.layers.SimpleRNN(units, return_sequences=True))
        .then(keras.layers.SimpleRNN(units))
        .then(keras.layers.Dense(n_out))
        .compiled()
    )


def build_many_to_many(T, F, units, n_out, batch_size=None):
    options = {"return_sequences": True}
    if batch_size is not None:
        options["stateful"] = True
    model = keras.Sequential(name="synced")
    model.add(keras.Input(shape=(T, F), batch_size=batch_size))
    model.add(keras.layers.SimpleRNN(units, **options))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="Adam", loss="MSE")
    return model


class Chain:
    def __init__(self, shape):
        self.shape = tuple(shape)

    def recurrent(self, units, return_sequences=False, **_):
        self.expect(3)
        self.shape = (*self.shape[: 2 if return_sequences else 1], units)

    SimpleRNN = LSTM = GRU = recurrent

    def Dense(self, units, **_):
        self.shape = (*self.shape[:-1], units)

    def Dropout(self, rate, **_):
        pass

    def RepeatVector(self, n, **_):
        self.expect(2)
        self.shape = (self.shape[0], n, self.shape[1])

    def Flatten(self, **_):
        rest = self.shape[1:]
        self.shape = (self.shape[0], None if None in rest else int(np.prod(rest)))

    def expect(self, axes):
        if len(self.shape) != axes:
            raise ValueError(f"{self.shape} should have {axes} axes")


NAMES = {"SimpleRNN", "LSTM", "GRU", "Dense", "Dropout", "RepeatVector", "Flatten"}


def predict_shape(layers_spec, input_shape):
    chain = Chain(input_shape)
    for spec in layers_spec:
        options = dict(spec)
        name = options.pop("layer")
        if name not in NAMES:
            raise ValueError(f"no rule for {name}")
        getattr(chain, name)(**options)
    return chain.shape


class Reader:
    def __init__(self, model):
        self.model = model

    def forget(self):
        for layer in self.model.layers:
            if callable(getattr(layer, "reset_state", None)):
                layer.reset_state()

    def read(self, X, chunk):
        for start in range(0, X.shape[1], chunk):
            yield self.model.predict(X[:, start : start + chunk])


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError(f"X has {X.ndim} axes")
    if chunk < 1:
        raise ValueError(f"chunk={chunk}")
    reader = Reader(model)
    reader.forget()
    return np.concatenate(list(reader.read(X, chunk)), axis=1)
