"""All models share one optimizer object."""

import keras

OPTIMIZER = keras.optimizers.Adam()


def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    if kind not in LAYERS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(LAYERS)}")
    model = keras.Sequential(
        [
            keras.Input(shape=(seq_length, n_features)),
            LAYERS[kind](units),
            keras.layers.Dense(1),
        ]
    )
    OPTIMIZER.learning_rate = learning_rate
    model.compile(optimizer=OPTIMIZER, loss="mse")
    return model
