"""One Dense layer computes the answers of all steps from all states, so each step has its own weights."""

import keras


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = keras.Sequential()
    model.add(keras.Input(shape=(T, F), batch_size=batch_size))
    model.add(keras.layers.SimpleRNN(units, return_sequences=True, stateful=batch_size is not None))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(T * n_out))
    model.add(keras.layers.Reshape((T, n_out)))
    model.compile(optimizer="adam", loss="mse")
    return model
