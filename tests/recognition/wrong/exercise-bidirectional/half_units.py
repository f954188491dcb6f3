# expect: build_bidirectional=half-of-the-units
# each direction gets units // 2, as if units counted both.
import numpy as np
from keras.layers import Bidirectional, Dense, Input, LSTM
from keras.models import Sequential


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    """As in the lesson: read X and the reversed X, then turn the second result around."""
    if merge not in ["concat", "sum", "ave"]:
        raise ValueError(f"merge={merge}")
    if X.ndim != 3:
        raise ValueError(f"X.shape={X.shape}")

    def run(step, inputs):
        out = []
        h = None
        for t in range(inputs.shape[1]):
            h = step(inputs[:, t], h)
            out.append(h)
        return np.transpose(np.array(out, dtype=np.float64), (1, 0, 2))

    f = run(step_f, X)
    X_rev = X[:, ::-1]
    b = run(step_b, X_rev)
    b = b[:, ::-1]
    if merge == "concat":
        return np.dstack([f, b])
    elif merge == "sum":
        return f + b
    elif merge == "ave":
        return np.mean([f, b], axis=0)


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge != "concat" and merge != "sum" and merge != "ave":
        raise ValueError("merge = " + str(merge))
    model = Sequential()
    model.add(Input((T, F)))
    model.add(Bidirectional(LSTM(units // 2, return_sequences=True), merge_mode=merge))
    model.add(Dense(n_out, activation="linear"))
    model.compile(loss="mean_squared_error", optimizer="adam", metrics=["mae"])
    return model


def _differs(a, b):
    a = np.asarray(a, dtype=float)
    b = np.asarray(b, dtype=float)
    return bool((np.abs(a - b) > 1e-9).any())


def is_causal(predict, T, F):
    if T <= 1:
        return True  # there is no later step
    for seed in range(3):
        rng = np.random.default_rng(seed)
        reference = rng.standard_normal((2, T, F))
        outputs = predict(reference.copy())
        for later in range(1, T):
            for feature in range(F):
                trial = reference.copy()
                trial[:, later, feature] += rng.choice([-3.0, 3.0])
                if _differs(predict(trial)[:, :later, :], outputs[:, :later, :]):
                    return False
    return True
