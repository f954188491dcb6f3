import keras
import numpy as np
from keras import layers


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    allowed = ("concat", "sum", "ave")
    if not isinstance(merge, str) or merge not in allowed:
        raise ValueError(f"merge must be one of {allowed}, not {merge!r}")
    X = np.array(X, copy=True)
    if X.ndim != 3:
        raise ValueError(f"X must be (B, T, F), but has {X.ndim} axes")
    n_steps = X.shape[1]

    states_f = {}
    state = None
    for t in range(n_steps):
        state = step_f(X[:, t, :].copy(), state)
        states_f[t] = np.array(state, dtype=np.float64, copy=True)

    states_b = {}
    state = None  # the second cell starts anew
    for t in reversed(range(n_steps)):
        state = step_b(X[:, t, :].copy(), state)
        states_b[t] = np.array(state, dtype=np.float64, copy=True)

    assert set(states_f) == set(states_b)
    n_units = states_f[0].shape[-1]
    width = 2 * n_units if merge == "concat" else n_units
    result = np.empty((X.shape[0], n_steps, width), dtype=np.float64)
    for t in range(n_steps):
        if merge == "concat":
            result[:, t, :n_units] = states_f[t]
            result[:, t, n_units:] = states_b[t]
        else:
            result[:, t] = states_f[t] + states_b[t]
    if merge == "ave":
        result = result / 2
    return result


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in {"concat", "sum", "ave"}:
        raise ValueError(f"wrong merge mode {merge!r}")
    x = inputs = layers.Input(shape=(T, F), name="sequence")
    x = layers.Bidirectional(layers.LSTM(units, return_sequences=True), merge_mode=merge, name="both")(x)
    outputs = layers.Dense(n_out, name="per_step")(x)
    net = keras.Model(inputs, outputs, name="bidirectional_net")
    net.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())
    return net


def is_causal(predict, T, F):
    rng = np.random.default_rng(42)
    x = rng.random((1, T, F))
    y = predict(x)
    ok = np.ones(T, dtype=bool)
    for t in range(1, T):
        z = np.concatenate([x[:, :t], rng.random((1, T - t, F)) + 7], axis=1)
        ok[t] = np.abs(predict(z)[:, :t] - y[:, :t]).max() == 0
    return np.all(ok)
