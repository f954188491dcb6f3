"""One LSTM reads in both directions, so there is a single set of weights."""

import keras


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown mode {merge!r}")
    inputs = keras.Input(shape=(T, F))
    lstm = keras.layers.LSTM(units, return_sequences=True)
    forward = lstm(inputs)
    backward = lstm(inputs[:, ::-1])[:, ::-1]
    if merge == "concat":
        joined = keras.layers.Concatenate()([forward, backward])
    else:
        join = {"sum": keras.layers.Add, "ave": keras.layers.Average}[merge]
        joined = join()([forward, backward])
    model = keras.Model(inputs, keras.layers.Dense(n_out)(joined))
    model.compile(optimizer="adam", loss="mse")
    return model
