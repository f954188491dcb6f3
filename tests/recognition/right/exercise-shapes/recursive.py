import keras
import numpy as np

CELLS = {"SimpleRNN", "LSTM", "GRU"}


def build_many_to_one(T, F, units, n_out):
    x = inputs = keras.Input(shape=(T, F), name="series")
    x = keras.layers.SimpleRNN(units, return_sequences=True)(x)
    _, state = keras.layers.SimpleRNN(units, return_state=True)(x)
    model = keras.Model(inputs, keras.layers.Dense(n_out)(state))
    model.compile(loss="mean_squared_error", optimizer=keras.optimizers.Adam())
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    inputs = keras.Input(shape=(T, F), batch_size=batch_size)
    rnn = keras.layers.SimpleRNN(units=units, return_sequences=True, stateful=batch_size is not None)
    outputs = keras.layers.Dense(units=n_out)(rnn(inputs))
    model = keras.Model(inputs=inputs, outputs=outputs)
    model.compile(loss="mse", optimizer="Adam")
    return model


def predict_shape(layers_spec, input_shape):
    if not layers_spec:
        return tuple(input_shape)
    first, *others = layers_spec
    return predict_shape(others, shape_after(first, tuple(input_shape)))


def shape_after(layer, shape):
    kind, axes = layer["layer"], len(shape)
    if kind in CELLS and axes == 3:
        steps = (shape[1],) if layer.get("return_sequences", False) else ()
        return shape[:1] + steps + (layer["units"],)
    if kind == "RepeatVector" and axes == 2:
        return shape[:1] + (layer["n"],) + shape[1:]
    if kind == "Dense":
        return shape[:-1] + (layer["units"],)
    if kind == "Flatten":
        try:
            return shape[0], int(np.prod(shape[1:]))
        except TypeError:
            return shape[0], None
    if kind == "Dropout":
        return shape
    raise ValueError(f"{kind} does not read {shape}")


def stateful_predict(model, X, chunk):
    if X.ndim != 3 or chunk < 1:
        raise ValueError(f"X has shape {X.shape}, chunk is {chunk}")

    def reset():
        for layer in model.layers:
            if callable(getattr(layer, "reset_state", None)):
                layer.reset_state()

    def rest(series):
        if series.shape[1] <= chunk:
            return model.predict(series, verbose=0)
        head = model.predict(series[:, :chunk], verbose=0)
        return np.concatenate([head, rest(series[:, chunk:])], axis=1)

    reset()
    answers = rest(X)
    reset()
    return answers
