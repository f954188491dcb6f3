"""The output is never negative."""

import keras


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    if kind not in LAYERS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(LAYERS)}")
    model = keras.Sequential(
        [
            keras.Input(shape=(seq_length, n_features)),
            LAYERS[kind](units),
            keras.layers.Dense(1, activation="relu"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model
