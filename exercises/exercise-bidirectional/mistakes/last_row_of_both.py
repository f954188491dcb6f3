"""Only the last row of the bidirectional layer is kept, as if it had read everything."""

import keras


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"unknown mode {merge!r}")
    inputs = keras.Input(shape=(T, F))
    lstm = keras.layers.LSTM(units, return_sequences=True)
    rows = keras.layers.Bidirectional(lstm, merge_mode=merge)(inputs)
    model = keras.Model(inputs, keras.layers.Dense(n_out)(rows[:, -1]))
    model.compile(optimizer="adam", loss="mse")
    return model
