"""The recurrent layer uses ReLU."""

import keras


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    if features is None:
        features = vocab_size
    model = keras.Sequential(
        [
            keras.Input(shape=(seq_length, features)),
            keras.layers.SimpleRNN(units, activation="relu"),
            keras.layers.Dense(vocab_size, activation="softmax"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model
