"""The layer is stateful, but does not know the number of sequences."""

import keras


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = keras.Sequential()
    model.add(keras.Input(shape=(T, F)))
    model.add(keras.layers.SimpleRNN(units, return_sequences=True, stateful=batch_size is not None))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model
