# Has weights that are NaN.
# expect: 0 of 3
import keras
import numpy as np


def build(n):
    model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(n), keras.layers.Dense(1)])
    model.set_weights([np.full(weight.shape, np.nan) for weight in model.get_weights()])
    return model
