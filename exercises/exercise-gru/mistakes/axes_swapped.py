"""The features are on the axis of the time steps."""

import keras


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    if kind not in LAYERS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(LAYERS)}")
    model = keras.Sequential(
        [
            keras.Input(shape=(n_features, seq_length)),
            LAYERS[kind](units),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model
