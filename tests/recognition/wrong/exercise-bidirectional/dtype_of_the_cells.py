# expect: bidirectional_forward=?
# the result has the dtype of the states, float32 for example.
import keras
import numpy as np


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"merge={merge}")
    if X.ndim != 3:
        raise ValueError(f"X.shape={X.shape}")
    h = g = None
    there, back = [], []
    for t in range(X.shape[1]):
        h, g = step_f(X[:, t], h), step_b(X[:, -1 - t], g)
        there.append(h)
        back.insert(0, g)
    there, back = (np.stack(each, axis=1) for each in (there, back))
    if merge == "concat":
        return np.concatenate([there, back], axis=2)
    return there + back if merge == "sum" else (there + back) / 2


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"merge={merge}")
    lstm = keras.layers.LSTM(units, return_sequences=True)
    both = keras.layers.Bidirectional(lstm, merge_mode=merge)
    model = keras.Sequential([keras.Input((T, F)), both, keras.layers.Dense(n_out)])
    model.compile("adam", "mse")
    return model


def is_causal(predict, T, F):
    X, other = np.random.default_rng(0).normal(size=(2, 1, T, F))
    base = predict(X)
    for t in range(1, T):
        if not np.allclose(predict(np.concatenate([X[:, :t], other[:, t:]], axis=1))[:, :t], base[:, :t]):
            return False
    return True
