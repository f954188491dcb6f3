# Submits weights with wrong shapes, wrong counts and wrong types.
# expect: 0 of 3
import keras

CALLS = []


def build(n):
    model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(n), keras.layers.Dense(1)])
    CALLS.append(n)
    weights = model.get_weights()
    wrong = (
        [weight.T for weight in weights],
        weights[:-1],
        [weight.astype("complex64") for weight in weights],
    )
    model.get_weights = lambda: wrong[len(CALLS) % 3]
    return model
