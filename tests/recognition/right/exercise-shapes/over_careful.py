"""Checks, copies and assertions at every step."""

import keras
import numpy as np


def build_many_to_one(T, F, units, n_out):
    model = keras.Sequential(name="many_to_one")
    model.add(keras.Input(shape=(T, F), name="sequence"))
    model.add(keras.layers.SimpleRNN(units, return_sequences=True, name="first"))
    assert model.output_shape == (None, T, units)
    model.add(keras.layers.SimpleRNN(units, return_sequences=False, name="second"))
    assert model.output_shape == (None, units)
    model.add(keras.layers.Dense(n_out, name="output"))
    assert model.output_shape == (None, n_out)
    model.compile(optimizer=keras.optimizers.Adam(), loss="mean_squared_error", metrics=["mean_absolute_error"])
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    if batch_size is None:
        source = keras.Input(shape=(T, F), name="sequence")
        stateful = False
    else:
        source = keras.Input(shape=(T, F), batch_size=int(batch_size), name="sequence")
        stateful = True
    model = keras.Sequential([source], name="many_to_many")
    model.add(keras.layers.SimpleRNN(units, return_sequences=True, stateful=stateful, name="recurrent"))
    model.add(keras.layers.Dense(n_out, name="output"))
    assert model.output_shape == (batch_size, T, n_out)
    model.compile(optimizer=keras.optimizers.Adam(), loss="mean_squared_error", metrics=["mean_absolute_error"])
    return model


def predict_shape(layers_spec, input_shape):
    input_shape = tuple(input_shape)
    if len(input_shape) not in (2, 3):
        raise ValueError(f"input_shape should have two or three entries, but it is {input_shape}")
    shape = input_shape
    known = ("SimpleRNN", "LSTM", "GRU", "Dense", "Dropout", "RepeatVector", "Flatten")
    for layer in [dict(spec) for spec in layers_spec]:
        name = layer.get("layer")
        if name not in known:
            raise ValueError(f"layer should be one of {known}, but it is {name!r}")
        if name in known[:3] and len(shape) != 3:
            raise ValueError(f"the input of {name} should have 3 axes, but its shape is {shape}")
        if name == "RepeatVector" and len(shape) != 2:
            raise ValueError(f"the input of {name} should have 2 axes, but its shape is {shape}")
        if name in known[:3]:
            if layer.get("return_sequences", False) is True:
                shape = (shape[0], shape[1], layer["units"])
            else:
                shape = (shape[0], layer["units"])
        if name == "Dense":
            shape = tuple(list(shape)[:-1] + [layer["units"]])
        if name == "RepeatVector":
            shape = (shape[0], layer["n"], shape[1])
        if name == "Flatten":
            product = 1
            for length in shape[1:]:
                if length is None:
                    product = None
                    break
                product = product * length
            shape = (shape[0], product)
    return shape


def stateful_predict(model, X, chunk):
    X = np.array(X, copy=True)
    if X.ndim != 3:
        raise ValueError(f"X should have three axes, but its shape is {X.shape}")
    chunk = int(chunk)
    if chunk < 1:
        raise ValueError(f"chunk should be at least 1, but it is {chunk}")
    for layer in model.layers:
        if hasattr(layer, "reset_state") and callable(layer.reset_state):
            layer.reset_state()
    number_of_pieces = -(-X.shape[1] // chunk)
    predictions = []
    for number in range(number_of_pieces):
        piece = X[:, number * chunk : (number + 1) * chunk, :].copy()
        prediction = np.array(model.predict(piece))
        assert prediction.shape[:2] == piece.shape[:2]
        predictions.append(prediction)
    whole = np.concatenate(predictions, axis=1)
    assert whole.shape[:2] == X.shape[:2]
    return whole
