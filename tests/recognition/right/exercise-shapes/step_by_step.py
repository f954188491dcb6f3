import keras
import numpy as np

rnn = keras.layers.SimpleRNN


def build_many_to_one(T, F, units, n_out):
    below, above = rnn(units, return_sequences=True), rnn(units)
    above.return_sequences = False
    model = keras.Sequential([keras.Input((T, F)), below, above, keras.layers.Dense(n_out)])
    model.compile(loss="mse", optimizer="adam")
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = keras.Sequential()
    model.add(keras.Input(batch_shape=[batch_size, T, F]))
    model.add(rnn(units, return_sequences=True, stateful=False if batch_size is None else True))
    model.add(keras.layers.Dense(n_out))
    model.compile(loss="mse", optimizer="adam")
    return model


def predict_shape(layers_spec, input_shape):
    samples, steps, features = (
        (*input_shape, None)[:3] if len(input_shape) == 3 else (input_shape[0], "", input_shape[1])
    )
    for d in layers_spec:
        if d["layer"] in ("LSTM", "GRU", "SimpleRNN"):
            if steps == "":
                raise ValueError("no time axis for " + d["layer"])
            steps, features = (steps if d.get("return_sequences", False) else ""), d["units"]
        elif d["layer"] == "Dense":
            features = d["units"]
        elif d["layer"] == "RepeatVector":
            if steps != "":
                raise ValueError("already a time axis")
            steps = d["n"]
        elif d["layer"] == "Flatten":
            if steps is None:
                features = None
            elif steps != "" and features is not None:
                features = features * steps
            steps = ""
        elif d["layer"] != "Dropout":
            raise ValueError(d["layer"])
    return (samples, features) if steps == "" else (samples, steps, features)


def stateful_predict(model, X, chunk):
    if len(np.shape(X)) != 3:
        raise ValueError("X must have 3 axes")
    if chunk < 1:
        raise ValueError("chunk must be at least 1")
    for i in range(len(model.layers)):
        if hasattr(model.layers[i], "reset_state"):
            model.layers[i].reset_state()
    by_step = []
    for i in range(0, X.shape[1], chunk):
        out = model.predict(X[:, i : i + chunk, :].astype("float32"), verbose=0)
        for t in range(out.shape[1]):
            by_step.append(out[:, t])
    return np.stack(by_step, axis=1)
