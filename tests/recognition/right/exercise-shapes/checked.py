import keras
import numpy as np


def build_many_to_one(T, F, units, n_out):
    """Two layers: the first one passes on everything, the second one its last state."""
    model = keras.Sequential(name="many_to_one")
    model.add(keras.layers.InputLayer(shape=(T, F)))
    model.add(keras.layers.SimpleRNN(units, return_sequences=True, name="below"))
    model.add(keras.layers.SimpleRNN(units, name="above"))
    model.add(keras.layers.Dense(n_out))
    model.add(keras.layers.Activation("linear"))
    model.compile("adam", loss=keras.losses.MeanSquaredError(), metrics=["mse"])
    assert model.output_shape == (None, n_out)
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = keras.Sequential(name="many_to_many")
    model.add(keras.layers.InputLayer(shape=(T, F), batch_size=batch_size))
    kwargs = dict(return_sequences=True)
    if batch_size is not None:
        kwargs["stateful"] = True
    model.add(
        keras.layers.RNN(keras.layers.SimpleRNNCell(units), **kwargs)
        if False
        else keras.layers.SimpleRNN(units, **kwargs)
    )
    model.add(keras.layers.Dense(n_out))
    model.compile("adam", loss="mse")
    assert model.output_shape == (batch_size, T, n_out)
    return model


def predict_shape(layers_spec, input_shape):
    shape = tuple(input_shape)
    assert len(shape) in (2, 3)
    for spec in layers_spec:
        spec = dict(spec)
        layer = spec.pop("layer")
        sequence = len(shape) == 3
        if layer in ["SimpleRNN", "LSTM", "GRU"]:
            if not sequence:
                raise ValueError(f"{layer} expects ndim=3, found {shape}")
            if not spec.get("return_sequences"):
                shape = shape[0], spec["units"]
            else:
                shape = shape[0], shape[1], spec["units"]
        elif layer == "Dense" and sequence:
            shape = shape[0], shape[1], spec["units"]
        elif layer == "Dense":
            shape = shape[0], spec["units"]
        elif layer == "RepeatVector" and not sequence:
            shape = shape[0], spec["n"], shape[1]
        elif layer == "Flatten" and sequence:
            unknown = shape[1] is None or shape[2] is None
            shape = shape[0], None if unknown else shape[1] * shape[2]
        elif layer in ("Flatten", "Dropout"):
            pass
        else:
            raise ValueError(f"{layer} with {shape}")
    return shape


def stateful_predict(model, X, chunk):
    X = np.asarray(X)
    if X.ndim != 3:
        raise ValueError(f"X should be (B, T, F), got {X.shape}")
    if chunk < 1:
        raise ValueError(f"chunk should be positive, got {chunk}")
    stateful = [layer for layer in model.layers if hasattr(layer, "reset_state")]
    for layer in stateful:
        layer.reset_state()
    full, rest = divmod(X.shape[1], chunk)
    lengths = [chunk] * full + [rest] * (rest > 0)
    ends = np.cumsum(lengths)
    parts = [model.predict(X[:, end - n : end], verbose=0) for n, end in zip(lengths, ends)]
    result = np.concatenate(parts, axis=1)
    assert result.shape[:2] == X.shape[:2]
    return result
