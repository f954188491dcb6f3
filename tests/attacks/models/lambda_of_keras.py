# Has a Lambda layer around a Keras function. The judge builds that activation itself, one layer too many.
# expect: 2 of 3
import keras


def build(n):
    model = keras.Sequential(
        [
            keras.Input((5, 1)),
            keras.layers.LSTM(n),
            keras.layers.Dense(1),
            keras.layers.Lambda(keras.activations.relu),
        ]
    )
    model.compile(optimizer="adam", loss="mse")
    return model
