"""The batch size is set, but the layer is not stateful."""

import keras


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = keras.Sequential()
    model.add(keras.Input(shape=(T, F), batch_size=batch_size))
    model.add(keras.layers.SimpleRNN(units, return_sequences=True))
    model.add(keras.layers.Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model
