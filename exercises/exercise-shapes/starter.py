"""Shapes and states of recurrent layers. Fill in the four functions; their docstrings state the contracts.

Check your work with:  course check exercise-shapes
Run the whole program: python exercise_shapes.py
"""

import keras
import numpy as np


def build_many_to_one(T, F, units, n_out):
    """Build and compile a model that gives one answer for a whole sequence.

    Input (T, F), two SimpleRNN layers with `units` units each, one Dense layer with n_out linear
    outputs. T may be None. Adam with its default learning rate, mean squared error.
    """
    raise NotImplementedError("build_many_to_one")


def build_many_to_many(T, F, units, n_out, batch_size=None):
    """Build and compile a model that gives one answer at each step.

    Input (T, F), one SimpleRNN layer with `units` units, one Dense layer with n_out linear outputs
    at each step. T may be None. Adam with its default learning rate, mean squared error.
    With a batch_size, the recurrent layer is stateful and reads batches of this size.
    """
    raise NotImplementedError("build_many_to_many")


def predict_shape(layers_spec, input_shape):
    """Return the output shape of a chain of layers as a tuple. Plain Python, without Keras.

    layers_spec: a list of dictionaries such as {"layer": "LSTM", "units": 8, "return_sequences": True}
    input_shape: a tuple such as (None, 10, 3); None is an open length
    Raises ValueError for a name that is not in the table, and if the input of a layer has the wrong
    number of axes.
    """
    raise NotImplementedError("predict_shape")


def stateful_predict(model, X, chunk):
    """Predict a long series piece by piece, and return the predictions as one array (B, T, n).

    model: has `predict` and `layers`.  X: shape (B, T, F).  chunk: number of steps in a piece
    Raises ValueError if X does not have three axes or if chunk is less than 1.
    """
    raise NotImplementedError("stateful_predict")


def main():
    """Print the shapes of three models layer by layer, then predict a series whole and in pieces."""
    rnn, lstm = {"layer": "SimpleRNN", "units": 8}, {"layer": "LSTM", "units": 8}
    steps, dense = {**rnn, "return_sequences": True}, {"layer": "Dense", "units": 2}
    repeat = {"layer": "RepeatVector", "n": 5}
    repeated = keras.Sequential(
        [keras.Input(shape=(None, 3)), keras.layers.LSTM(8), keras.layers.RepeatVector(5)]
    )
    for title, layers_spec, model in [
        ("many-to-one", [steps, rnn, dense], build_many_to_one(10, 3, 8, 2)),
        ("many-to-many", [steps, dense], build_many_to_many(10, 3, 8, 2)),
        ("one state, repeated", [lstm, repeat], repeated),
    ]:
        print(f"{title}, from the shape {model.input_shape}:")
        for n, layer in enumerate(model.layers, start=1):
            shape, real = predict_shape(layers_spec[:n], model.input_shape), layer.output.shape
            check = "as in Keras" if shape == real else f"but Keras has {real}"
            print(f"  {layers_spec[n - 1]['layer']:<12} {shape!s:<15} {check}")

    keras.utils.set_random_seed(9)
    X = np.random.default_rng(9).normal(size=(2, 12, 3))
    model = build_many_to_many(None, 3, 8, 2, batch_size=2)
    whole = stateful_predict(model, X, 12)
    print("12 steps in pieces, and the largest difference from the run in one piece:")
    for chunk in (6, 5, 1):
        difference = np.abs(stateful_predict(model, X, chunk) - whole).max()
        print(f"  pieces of length {chunk}: {difference:.1e}")
    # this run starts from the state that the last one left
    difference = np.abs(model.predict(X, verbose=0) - whole).max()
    print(f"  in one piece, but without a reset: {difference:.1e}")


if __name__ == "__main__":
    main()
