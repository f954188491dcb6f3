# expect: build_many_to_one=?
import keras
import numpy as np


def finish(inputs, outputs):
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.MeanSquaredError())
    return model


def build_many_to_one(T, F, units, n_out):
    inputs = keras.Input((T, F))
    return finish(inputs, keras.layers.Dense(n_out)(keras.layers.SimpleRNN(units)(inputs)))


def build_many_to_many(T, F, units, n_out, batch_size=None):
    inputs = keras.Input((T, F), batch_size=batch_size)
    x = keras.layers.SimpleRNN(units, return_sequences=True, stateful=batch_size is not None)(inputs)
    return finish(inputs, keras.layers.Dense(n_out)(x))


def predict_shape(layers_spec, input_shape):
    shape = tuple(input_shape)
    for d in layers_spec:
        kind = d["layer"]
        if kind in ("SimpleRNN", "LSTM", "GRU"):
            if len(shape) != 3:
                raise ValueError(f"{kind}: {shape}")
            shape = (*shape[: 2 if d.get("return_sequences") else 1], d["units"])
        elif kind == "RepeatVector":
            if len(shape) != 2:
                raise ValueError(f"{kind}: {shape}")
            shape = (shape[0], d["n"], shape[1])
        elif kind == "Dense":
            shape = (*shape[:-1], d["units"])
        elif kind == "Flatten":
            if len(shape) == 3:
                shape = (shape[0], None if None in shape[1:] else shape[1] * shape[2])
        elif kind != "Dropout":
            raise ValueError(kind)
    return shape


def stateful_predict(model, X, chunk):
    if X.ndim != 3 or chunk < 1:
        raise ValueError((X.shape, chunk))
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
    answers = [model.predict(X[:, i : i + chunk], verbose=0) for i in range(0, X.shape[1], chunk)]
    return np.concatenate(answers, axis=1)
