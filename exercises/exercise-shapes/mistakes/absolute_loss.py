"""The model is compiled with the mean absolute error."""

import keras


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = keras.Sequential()
    model.add(keras.Input(shape=(T, F), batch_size=batch_size))
    model.add(keras.layers.SimpleRNN(units, return_sequences=True, stateful=batch_size is not None))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="adam", loss="mae")
    return model
