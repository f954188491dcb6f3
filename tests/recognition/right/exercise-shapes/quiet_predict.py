import keras
import numpy as np


def simple(units, **options):
    return keras.layers.SimpleRNN(units, **options)


def network(*layers):
    model = keras.Sequential(list(layers))
    model.compile(loss=keras.losses.MeanSquaredError(), optimizer="adam")
    return model


def build_many_to_one(T, F, units, n_out):
    return network(
        keras.Input((T, F)),
        simple(units, return_sequences=True),
        simple(units),
        keras.layers.Dense(n_out),
    )


def build_many_to_many(T, F, units, n_out, batch_size=None):
    return network(
        keras.Input((T, F), batch_size=batch_size),
        simple(units, return_sequences=True, stateful=batch_size is not None),
        keras.layers.Dense(n_out),
    )


def predict_shape(layers_spec, input_shape):
    if not layers_spec:
        return input_shape
    first, *others = layers_spec
    kind, batch, *rest = first["layer"], *input_shape
    if kind in ["SimpleRNN", "LSTM", "GRU"]:
        if len(rest) != 2:
            raise ValueError(f"{kind} got {input_shape}")
        rest = [rest[0], first["units"]] if first.get("return_sequences") else [first["units"]]
    elif kind == "Dense":
        rest[-1] = first["units"]
    elif kind == "RepeatVector":
        if len(rest) != 1:
            raise ValueError(f"{kind} got {input_shape}")
        rest = [first["n"]] + rest
    elif kind == "Flatten":
        try:
            rest = [rest[0] * rest[1]] if len(rest) == 2 else rest
        except TypeError:
            rest = [None]
    elif kind != "Dropout":
        raise ValueError(f"no such layer: {kind}")
    return predict_shape(others, (batch, *rest))


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError(f"X.ndim is {X.ndim}")
    if chunk < 1:
        raise ValueError(f"chunk is {chunk}")
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
    starts = np.arange(0, X.shape[1], chunk)
    return np.concatenate([model.predict(X[:, s : s + chunk], verbose=0) for s in starts], axis=1)
