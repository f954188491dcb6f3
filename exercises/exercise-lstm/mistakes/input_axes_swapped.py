"""The input has its features on the second axis."""

import keras


def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = keras.Sequential()
    model.add(keras.Input(shape=(n_features, seq_length)))
    model.add(keras.layers.LSTM(units))
    model.add(keras.layers.Dense(1))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model
