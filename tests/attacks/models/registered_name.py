# Registers a class under the name of a Keras class.
# expect: 0 of 3
import keras


@keras.saving.register_keras_serializable(package="keras.layers", name="LSTM")
class LSTM(keras.layers.LSTM):
    def get_config(self):
        return super().get_config() | {"units": 4}


def build(n):
    model = keras.Sequential([keras.Input((5, 1)), LSTM(n), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    return model
