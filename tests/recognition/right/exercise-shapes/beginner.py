import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import Dense, Input, SimpleRNN
from tensorflow.keras.models import Sequential


def build_many_to_one(T, F, units, n_out):
    model = Sequential()
    model.add(Input(shape=(T, F)))
    model.add(SimpleRNN(units, return_sequences=True))
    model.add(SimpleRNN(units, return_sequences=False))
    model.add(Dense(n_out, activation="linear"))
    model.compile(optimizer="adam", loss="mse")
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = Sequential()
    if batch_size is None:
        model.add(Input(shape=(T, F)))
        model.add(SimpleRNN(units, return_sequences=True))
    else:
        model.add(Input(shape=(T, F), batch_size=batch_size))
        model.add(SimpleRNN(units, return_sequences=True, stateful=True))
    model.add(Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model


def predict_shape(layers_spec, input_shape):
    shape = list(input_shape)
    for i in range(len(layers_spec)):
        layer = layers_spec[i]
        if layer["layer"] == "SimpleRNN" or layer["layer"] == "LSTM" or layer["layer"] == "GRU":
            if len(shape) != 3:
                raise ValueError("layer " + str(i) + " needs 3 axes, got " + str(shape))
            if "return_sequences" in layer and layer["return_sequences"] == True:  # noqa: E712
                shape = [shape[0], shape[1], layer["units"]]
            else:
                shape = [shape[0], layer["units"]]
        elif layer["layer"] == "Dense":
            shape[len(shape) - 1] = layer["units"]
        elif layer["layer"] == "Dropout":
            shape = shape
        elif layer["layer"] == "RepeatVector":
            if len(shape) != 2:
                raise ValueError("layer " + str(i) + " needs 2 axes, got " + str(shape))
            shape = [shape[0], layer["n"], shape[1]]
        elif layer["layer"] == "Flatten":
            if len(shape) == 3:
                if shape[1] is None or shape[2] is None:
                    shape = [shape[0], None]
                else:
                    shape = [shape[0], shape[1] * shape[2]]
        else:
            raise ValueError("I do not know the layer " + layer["layer"])
    return shape


def stateful_predict(model, X, chunk):
    if len(X.shape) != 3:
        raise ValueError("X has shape " + str(X.shape))
    if chunk <= 0:
        raise ValueError("chunk is " + str(chunk))
    for layer in model.layers:
        try:
            layer.reset_state()
        except AttributeError:
            pass
    T = X.shape[1]
    start = 0
    result = None
    while start < T:
        end = start + chunk
        if end > T:
            end = T
        prediction = model.predict(X[:, start:end, :])
        if result is None:
            result = prediction
        else:
            result = np.concatenate((result, prediction), axis=1)
        start = end
    return result
