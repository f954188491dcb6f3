"""Print the outputs of Keras's layers that visible_tests.py and hidden_tests.py contain.

    python keras_outputs.py

Inputs and weights are `waves(shape, start)`: sines of start, start + 1, and so on. They need no
random generator, so any version of numpy gives the same ones. The numbers in the tests come
from Keras 3.15 with TensorFlow 2.21.
"""

import keras
import numpy as np

BLOCKS = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}


def waves(shape, start):
    """Return an array of sines that fit no pattern of rows and columns."""
    return np.sin(np.arange(start, start + np.prod(shape), dtype=np.float64)).reshape(shape)


def weights_of(kind, features, units):
    """Return the weights of a layer, in Keras's order and shapes."""
    columns = BLOCKS[kind] * units
    bias = (2, columns) if kind == "GRU" else (columns,)
    return waves((features, columns), 1), waves((units, columns), 100), waves(bias, 200)


def states_of(kind, X, units, first=None):
    """Return the states of a layer after every step, of shape (B, T, U)."""
    layer = getattr(keras.layers, kind)(units, return_sequences=True)
    layer.build(X.shape)
    layer.set_weights(weights_of(kind, X.shape[2], units))
    return np.asarray(layer(X.astype(np.float32), initial_state=first))


def main():
    """Print one step from given states for the visible tests, and five from zero for the hidden ones."""
    for kind in BLOCKS:
        state = [waves((1, 2), start).astype(np.float32) for start in (20, 30)[: 2 if kind == "LSTM" else 1]]
        print(kind, "one step:", states_of(kind, waves((1, 1, 3), 10), 2, state)[0, 0].round(6).tolist())
        print(kind, "five steps:", states_of(kind, waves((2, 5, 3), 10), 2).round(6).tolist())


if __name__ == "__main__":
    main()
