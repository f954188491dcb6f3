"""The results of the steps are never averaged."""

import keras


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    inputs = keras.Input(shape=(seq_length, n_features))
    states = keras.layers.LSTM(units, return_sequences=True)(inputs)
    looked_up = keras.layers.Attention()([states, states])
    outputs = keras.layers.Dense(n_out)(looked_up)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model
