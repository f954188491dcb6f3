# The Dense layer at each step is wrapped in TimeDistributed, as in many tutorials.
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, SimpleRNN, TimeDistributed


def build_many_to_one(T, F, units, n_out):
    model = Sequential()
    model.add(SimpleRNN(units, activation="tanh", return_sequences=True, input_shape=(T, F)))
    model.add(SimpleRNN(units, activation="tanh"))
    model.add(Dense(n_out, activation="linear"))
    model.compile(loss="mse", optimizer="adam", metrics=["mae", "mse"])
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = Sequential()
    model.add(keras.Input(shape=(T, F), batch_size=batch_size))
    if batch_size is not None:
        model.add(SimpleRNN(units, activation="tanh", return_sequences=True, stateful=True))
    else:
        model.add(SimpleRNN(units, activation="tanh", return_sequences=True))
    model.add(TimeDistributed(Dense(n_out, activation="linear")))
    model.compile(loss="mse", optimizer="adam", metrics=["mae", "mse"])
    return model


def predict_shape(layers_spec, input_shape):
    current = tuple(input_shape)
    for position, layer in enumerate(layers_spec):
        name = layer["layer"]
        if name == "SimpleRNN" or name == "LSTM" or name == "GRU":
            if len(current) != 3:
                raise ValueError("Layer number " + str(position) + " (" + name + ") got the shape " + str(current))
            batch = current[0]
            time = current[1]
            if "return_sequences" in layer and layer["return_sequences"]:
                current = (batch, time, layer["units"])
            else:
                current = (batch, layer["units"])
        elif name == "Dense":
            if len(current) == 2:
                current = (current[0], layer["units"])
            else:
                current = (current[0], current[1], layer["units"])
        elif name == "Dropout":
            current = current
        elif name == "RepeatVector":
            if len(current) != 2:
                raise ValueError("Layer number " + str(position) + " (" + name + ") got the shape " + str(current))
            current = (current[0], layer["n"], current[1])
        elif name == "Flatten":
            if len(current) == 3:
                if current[1] is None or current[2] is None:
                    current = (current[0], None)
                else:
                    current = (current[0], current[1] * current[2])
        else:
            raise ValueError("Unknown layer: " + name)
    return current


def stateful_predict(model, X, chunk):
    if len(X.shape) != 3:
        raise ValueError("X must have 3 axes but has " + str(len(X.shape)))
    if chunk < 1:
        raise ValueError("chunk must be 1 or more but is " + str(chunk))
    for i in range(len(model.layers)):
        if hasattr(model.layers[i], "reset_state"):
            model.layers[i].reset_state()
    T = X.shape[1]
    predictions = None
    for i in range(0, T, chunk):
        end = min(i + chunk, T)
        piece = model.predict(X[:, i:end, :])
        if predictions is None:
            predictions = piece
        else:
            predictions = np.concatenate((predictions, piece), axis=1)
    return predictions
