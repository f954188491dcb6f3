"""Every mode that Keras knows is accepted."""

import keras


def build_bidirectional(T, F, units, n_out, merge="concat"):
    model = keras.Sequential()
    model.add(keras.Input(shape=(T, F)))
    model.add(keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode=merge))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model
