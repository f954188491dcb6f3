"""The features are on the axis of the time steps."""

import keras


def build_many_to_one(T, F, units, n_out):
    model = keras.Sequential()
    model.add(keras.Input(shape=(F, T)))
    model.add(keras.layers.SimpleRNN(units, return_sequences=True))
    model.add(keras.layers.SimpleRNN(units))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model
