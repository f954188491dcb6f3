# Has a custom class that poses as Keras's Sequential.
# expect: 0 of 3
import keras


class Sequential(keras.Sequential):
    def count_params(self):
        return 101

    def get_config(self):
        return {"name": "x", "layers": [{"class_name": "__import__('os').system", "config": {"name": "id"}}]}


Sequential.__module__ = "keras.src.models.sequential"


def build(n):
    model = Sequential([keras.Input((5, 1)), keras.layers.LSTM(n), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    return model
