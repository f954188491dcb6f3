# expect: predict_shape=steps-always-dropped
import keras
import numpy as np


def finish(inputs, outputs):
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.MeanSquaredError())
    return model


def build_many_to_one(T, F, units, n_out):
    inputs = keras.Input((T, F))
    x = keras.layers.SimpleRNN(units, return_sequences=True)(inputs)
    x = keras.layers.SimpleRNN(units)(x)
    return finish(inputs, keras.layers.Dense(n_out)(x))


def build_many_to_many(T, F, units, n_out, batch_size=None):
    inputs = keras.Input((T, F), batch_size=batch_size)
    x = keras.layers.SimpleRNN(units, return_sequences=True, stateful=batch_size is not None)(inputs)
    return finish(inputs, keras.layers.Dense(n_out)(x))


def predict_shape(layers_spec, input_shape):
    import math

    shape = tuple(input_shape)
    for d in layers_spec:
        rnn = d["layer"] in ("SimpleRNN", "LSTM", "GRU")
        if (rnn and len(shape) != 3) or (d["layer"] == "RepeatVector" and len(shape) != 2):
            raise ValueError(f"{d} does not fit {shape}")
        if rnn:
            shape = shape[0], d["units"]
        elif d["layer"] == "Dense":
            shape = (*shape[:-1], d["units"])
        elif d["layer"] == "RepeatVector":
            shape = (shape[0], d["n"], shape[1])
        elif d["layer"] == "Flatten":
            shape = (shape[0], None if None in shape[1:] else math.prod(shape[1:]))
        elif d["layer"] == "Dropout":
            shape = shape
        else:
            raise ValueError(f"no layer {d}")
    return shape


def stateful_predict(model, X, chunk):
    if X.ndim != 3 or chunk < 1:
        raise ValueError((X.shape, chunk))
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
    answers = [model.predict(X[:, i : i + chunk], verbose=0) for i in range(0, X.shape[1], chunk)]
    return np.concatenate(answers, axis=1)
