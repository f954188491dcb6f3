# Returns an endless configuration.
# expect: 0 of 3
import keras


def build(n):
    model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(n), keras.layers.Dense(1)])
    nest = config = {}
    for _ in range(100_000):
        nest["layers"] = [{}]
        nest = nest["layers"][0]
    model.get_config = lambda: config
    return model
