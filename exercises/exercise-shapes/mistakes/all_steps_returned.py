"""The second layer returns the states of all steps, so there is an answer at each step."""

import keras


def build_many_to_one(T, F, units, n_out):
    model = keras.Sequential()
    model.add(keras.Input(shape=(T, F)))
    model.add(keras.layers.SimpleRNN(units, return_sequences=True))
    model.add(keras.layers.SimpleRNN(units, return_sequences=True))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model
