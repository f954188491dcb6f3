import keras
import numpy as np


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    """Both directions, with all the checks."""
    if not isinstance(X, np.ndarray):
        raise TypeError("X should be an array")
    if X.ndim != 3:
        raise ValueError(f"X should have 3 axes, but it has {X.ndim}")
    if not isinstance(merge, str) or merge not in ("concat", "sum", "ave"):
        raise ValueError(f"merge should be concat, sum or ave, but it is {merge}")
    if not callable(step_f) or not callable(step_b):
        raise TypeError("the steps should be functions")
    data = X.copy()
    data.setflags(write=False)
    backward = []
    state = None
    for t in reversed(range(data.shape[1])):
        state = np.array(step_b(x=data[:, t], h=state))
        backward.insert(0, state)
    forward = []
    state = None
    for t in range(data.shape[1]):
        state = np.array(step_f(x=data[:, t], h=state))
        forward.append(state)
    f, b = np.stack(forward, axis=1), np.stack(backward, axis=1)
    assert f.shape == b.shape
    if merge == "concat":
        result = np.concatenate([f, b], axis=2)
    elif merge == "sum":
        result = np.sum([f, b], axis=0)
    else:
        result = np.average([f, b], axis=0)
    return result.astype(np.float64)


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if not isinstance(merge, str) or merge not in ("concat", "sum", "ave"):
        raise ValueError(f"merge should be concat, sum or ave, but it is {merge}")
    model = keras.Sequential(name="both_directions")
    model.add(keras.Input(shape=(T, F)))
    wrapped = keras.layers.LSTM(units, return_sequences=True, name="one")
    model.add(keras.layers.Bidirectional(wrapped, merge_mode=merge, name="two"))
    model.add(keras.layers.Dense(n_out))
    model.add(keras.layers.Activation("linear"))
    model.compile(optimizer=keras.optimizers.Adam(), loss="mse")
    assert model.output_shape == (None, T, n_out)
    return model


def is_causal(predict, T, F):
    generator = np.random.default_rng()
    for _ in range(3):
        X = generator.normal(size=(2, T, F))
        before = np.asarray(predict(X))
        for cut in range(T):
            Y = X.copy()
            Y[:, cut:] = generator.normal(loc=5, size=(2, T - cut, F))
            after = np.asarray(predict(Y))
            difference = np.abs(after - before)[:, :cut]
            if difference.size and difference.max() > 1e-5:
                return False
    return True
