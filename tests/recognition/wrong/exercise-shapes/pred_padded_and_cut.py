# expect: stateful_predict=rest-filled-up
# fills the last piece with zeros, and drops the predictions for them
import keras
import numpy as np
from keras import layers

RECURRENT = {"SimpleRNN", "LSTM", "GRU"}


def build_many_to_one(T, F, units, n_out):
    inputs = keras.Input((T, F))
    x = layers.SimpleRNN(units, return_sequences=True, name="lower")(inputs)
    x = layers.SimpleRNN(units, return_sequences=False, name="upper")(x)
    outputs = layers.Dense(n_out, activation="linear", name="answer")(x)
    model = keras.Model(inputs, outputs, name="many_to_one")
    model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.MeanSquaredError(), metrics=["mae"])
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    inputs = keras.Input(batch_shape=(batch_size, T, F))
    if batch_size is None:
        x = layers.SimpleRNN(units, return_sequences=True)(inputs)
    else:
        x = layers.SimpleRNN(units, return_sequences=True, stateful=True)(inputs)
    outputs = layers.Dense(n_out, activation=None)(x)
    model = keras.Model(inputs=inputs, outputs=outputs)
    model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.MeanSquaredError(), metrics=["mae"])
    return model


def predict_shape(layers_spec, input_shape):
    shape = list(input_shape)
    for layer in layers_spec:
        kind = layer["layer"]
        axes = len(shape)
        if kind in RECURRENT:
            if axes != 3:
                raise ValueError(f"{kind}: expected ndim=3, found ndim={axes}")
            shape[-1] = layer["units"]
            if not layer.get("return_sequences"):
                del shape[1]
        elif kind == "Dense":
            shape[-1] = layer["units"]
        elif kind == "RepeatVector":
            if axes != 2:
                raise ValueError(f"{kind}: expected ndim=2, found ndim={axes}")
            shape.insert(1, layer["n"])
        elif kind == "Flatten":
            size = 1
            for axis in shape[1:]:
                size = None if axis is None or size is None else size * axis
            shape = [shape[0], size]
        elif kind != "Dropout":
            raise ValueError(f"unknown layer: {kind}")
    return tuple(shape)


def stateful_predict(model, X, chunk):
    if len(X.shape) != 3:
        raise ValueError(f"expected three axes, found {len(X.shape)}")
    if chunk <= 0:
        raise ValueError(f"chunk must be at least 1: {chunk}")
    for layer in model.layers:
        reset = getattr(layer, "reset_state", None)
        if reset is not None:
            reset()
    batch, steps, features = X.shape
    zeros = np.zeros((batch, -steps % chunk, features))
    padded = np.concatenate([X, zeros], axis=1)
    pieces = [model.predict(padded[:, t : t + chunk]) for t in range(0, steps, chunk)]
    return np.concatenate(pieces, axis=1)[:, :steps]
