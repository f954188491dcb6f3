# Runs its own code inside a Lambda layer.
# expect: 0 of 3
import keras


def build(n):
    model = keras.Sequential(
        [
            keras.Input((5, 1)),
            keras.layers.LSTM(n),
            keras.layers.Dense(1),
            keras.layers.Lambda(lambda x: x * 0 + 3),
        ]
    )
    model.compile(optimizer="adam", loss="mse")
    return model
