"""The backward LSTM returns its rows in the order of reading."""

import keras


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown mode {merge!r}")
    inputs = keras.Input(shape=(T, F))
    forward = keras.layers.LSTM(units, return_sequences=True)(inputs)
    backward = keras.layers.LSTM(units, return_sequences=True, go_backwards=True)(inputs)
    if merge == "concat":
        joined = keras.layers.Concatenate()([forward, backward])
    else:
        join = {"sum": keras.layers.Add, "ave": keras.layers.Average}[merge]
        joined = join()([forward, backward])
    model = keras.Model(inputs, keras.layers.Dense(n_out)(joined))
    model.compile(optimizer="adam", loss="mse")
    return model
