"""The input has its features on the second axis."""

import keras


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    inputs = keras.Input(shape=(n_features, seq_length))
    states = keras.layers.LSTM(units, return_sequences=True)(inputs)
    looked_up = keras.layers.Attention()([states, states])
    average = keras.layers.GlobalAveragePooling1D()(looked_up)
    outputs = keras.layers.Dense(n_out)(average)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model
