# Is small but very slow to compute, which takes the judge's time.
# expect: 0 of 3
import keras


def build(n):
    layers = [keras.Input((5, 1))]
    for _ in range(8):
        layers += [keras.layers.LSTM(200), keras.layers.RepeatVector(2048)]
    return keras.Sequential([*layers, keras.layers.LSTM(n), keras.layers.Dense(1)])
