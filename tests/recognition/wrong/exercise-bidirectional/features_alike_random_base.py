# expect: is_causal=changes-features-alike
# the base is random, so that only the last digits of a difference of two features change.
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
    there, back = (np.array(each, dtype=float).swapaxes(0, 1) for each in (there, back))
    if merge == "concat":
        return np.concatenate([there, back], axis=2)
    return (there + back) / (1 if merge == "sum" else 2)


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"merge={merge}")
    lstm = keras.layers.LSTM(units, return_sequences=True)
    both = keras.layers.Bidirectional(lstm, merge_mode=merge)
    model = keras.Sequential([keras.Input((T, F)), both, keras.layers.Dense(n_out)])
    model.compile("adam", "mse")
    return model


def is_causal(predict, T, F):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1, T, F))
    base = np.asarray(predict(X))
    for t in range(1, T):
        changed = X.copy()
        changed[0, t] += 1
        if not np.array_equal(np.asarray(predict(changed))[:, :t], base[:, :t]):
            return False
    return True
