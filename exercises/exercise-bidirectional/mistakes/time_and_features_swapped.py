"""The input has its features on the second axis."""

import keras


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown mode {merge!r}")
    model = keras.Sequential()
    model.add(keras.Input(shape=(F, T)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode=merge))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model
