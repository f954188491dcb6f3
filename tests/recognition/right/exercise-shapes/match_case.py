import functools

import keras
import numpy as np
from keras.layers import Dense, Input, SimpleRNN


def build_many_to_one(T, F, units, n_out):
    stack = [SimpleRNN(units, return_sequences=True), SimpleRNN(units)]
    model = keras.Sequential([Input((T, F)), *stack, Dense(n_out)])
    model.compile("adam", "mse")
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    rnn = SimpleRNN(units, return_sequences=True, stateful=batch_size is not None)
    model = keras.Sequential([Input((T, F), batch_size), rnn, Dense(n_out)])
    model.compile("adam", "mse")
    return model


def after(shape, spec):
    match spec["layer"], shape:
        case ("SimpleRNN" | "LSTM" | "GRU"), (b, t, _):
            return (b, t, spec["units"]) if spec.get("return_sequences") else (b, spec["units"])
        case "Dense", (*front, _):
            return (*front, spec["units"])
        case "Dropout", _:
            return shape
        case "RepeatVector", (b, f):
            return b, spec["n"], f
        case "Flatten", (b, f):
            return b, f
        case "Flatten", (b, None, _):
            return b, None
        case "Flatten", (b, t, f):
            return b, t * f
        case layer, _:
            raise ValueError(f"{layer} cannot follow on {shape}")


def predict_shape(layers_spec, input_shape):
    return functools.reduce(after, layers_spec, input_shape)


def stateful_predict(model, X, chunk):
    if X.ndim != 3 or chunk < 1:
        raise ValueError(f"X: {X.shape}, chunk: {chunk}")
    [layer.reset_state() for layer in model.layers if hasattr(layer, "reset_state")]
    return np.concatenate([model.predict(X[:, t : t + chunk]) for t in range(0, X.shape[1], chunk)], axis=1)
