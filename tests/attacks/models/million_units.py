# Claims a million units without building them.
# expect: 0 of 3
import keras


def build(n):
    model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(n), keras.layers.Dense(1)])
    config = model.get_config()
    config["layers"][1]["config"]["units"] = 10**6
    model.get_config = lambda: config
    return model
