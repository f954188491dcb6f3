# expect: predict_shape=?
# multiplies by None in Flatten, which is an error
import keras
import numpy as np


def build_many_to_one(T, F, units, n_out):
    model = keras.Sequential([
        keras.Input(shape=(T, F)),
        keras.layers.SimpleRNN(units, return_sequences=True),
        keras.layers.SimpleRNN(units),
        keras.layers.Dense(n_out),
    ])
    model.compile(optimizer="adam", loss="mse")
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = keras.Sequential([
        keras.Input(shape=(T, F), batch_size=batch_size),
        keras.layers.SimpleRNN(units, return_sequences=True, stateful=batch_size is not None),
        keras.layers.Dense(n_out),
    ])
    model.compile(optimizer="adam", loss="mse")
    return model


def predict_shape(layers_spec, input_shape):
    shape = input_shape
    for spec in layers_spec:
        name = spec["layer"]
        if name in ("SimpleRNN", "LSTM", "GRU"):
            if len(shape) != 3:
                raise ValueError(f"{name} needs 3 axes, but the shape is {shape}")
            if spec.get("return_sequences", False):
                shape = (shape[0], shape[1], spec["units"])
            else:
                shape = (shape[0], spec["units"])
        elif name == "Dense":
            shape = (*shape[:-1], spec["units"])
        elif name == "Dropout":
            pass
        elif name == "RepeatVector":
            if len(shape) != 2:
                raise ValueError(f"{name} needs 2 axes, but the shape is {shape}")
            shape = (shape[0], spec["n"], shape[1])
        elif name == "Flatten":
            if len(shape) == 3:
                shape = (shape[0], shape[1] * shape[2])
        else:
            raise ValueError(f"there is no layer {name!r}")
    return shape


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}")
    if chunk < 1:
        raise ValueError(f"chunk is {chunk}")
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
    pieces = []
    for start in range(0, X.shape[1], chunk):
        pieces.append(model.predict(X[:, start : start + chunk]))
    return np.concatenate(pieces, axis=1)
