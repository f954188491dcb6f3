# Has a single neuron that describes itself as the required model.
# expect: 0 of 3
import keras


def build(n):
    model = keras.Sequential([keras.Input((5, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    right = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(n), keras.layers.Dense(1)])
    model.get_config = right.get_config
    model.count_params = right.count_params
    return model
