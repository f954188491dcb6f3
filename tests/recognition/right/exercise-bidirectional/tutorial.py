import numpy as np
from tensorflow.keras.layers import LSTM, Bidirectional, Dense, Input
from tensorflow.keras.models import Sequential


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if len(X.shape) != 3:
        raise ValueError("X must be 3-D but has shape " + str(X.shape))
    if merge not in ["concat", "sum", "ave"]:
        raise ValueError("bad merge: " + str(merge))
    T = X.shape[1]

    # forward
    forward_states = []
    h = None
    for t in range(T):
        h = step_f(X[:, t, :], h)
        forward_states.append(h)

    # backward
    backward_states = []
    h = None
    for t in range(T - 1, -1, -1):
        h = step_b(X[:, t, :], h)
        backward_states.append(h)
    backward_states.reverse()

    rows = []
    for t in range(T):
        f = forward_states[t]
        b = backward_states[t]
        if merge == "concat":
            rows.append(np.concatenate([f, b], axis=1))
        elif merge == "sum":
            rows.append(f + b)
        else:
            rows.append((f + b) / 2)
    return np.stack(rows, axis=1)


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ["concat", "sum", "ave"]:
        raise ValueError("bad merge: " + str(merge))
    model = Sequential()
    model.add(Input(shape=(T, F)))
    model.add(Bidirectional(LSTM(units, return_sequences=True), merge_mode=merge))
    model.add(Dense(n_out))
    model.compile(optimizer="adam", loss="mse")
    return model


def is_causal(predict, T, F):
    X = np.random.randn(1, T, F)
    y = predict(X, verbose=0)
    for t in range(T - 1):
        X2 = X.copy()
        X2[:, t + 1 :, :] = np.random.randn(1, T - t - 1, F)
        y2 = predict(X2, verbose=0)
        if not np.allclose(y[:, : t + 1], y2[:, : t + 1]):
            return False
    return True
