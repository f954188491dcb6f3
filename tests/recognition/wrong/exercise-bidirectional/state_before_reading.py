# expect: bidirectional_forward=rows-hold-the-state-before
# row t holds the states from before the cells have read step t (zeros at first).
import keras
import numpy as np
from keras import layers


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    """Run both cells over X and merge their states step by step."""
    X = np.asarray(X)
    if X.ndim != 3:
        raise ValueError("X has shape " + str(X.shape) + ", expected (B, T, F)")
    if merge != "concat" and merge != "sum" and merge != "ave":
        raise ValueError("merge = " + str(merge))

    B, T, F = X.shape
    fwd = bwd = None
    hf = hb = None
    for i in range(T):
        j = T - 1 - i
        old_f, old_b = hf, hb
        hf = step_f(X[:, i], hf)
        hb = step_b(X[:, j], hb)
        if fwd is None:
            U = hf.shape[1]
            fwd = np.zeros((B, T, U))
            bwd = np.zeros((B, T, U))
            continue
        fwd[:, i, :] = old_f
        bwd[:, j, :] = old_b

    if merge == "concat":
        return np.concatenate((fwd, bwd), axis=2)
    out = fwd + bwd
    if merge == "ave":
        out /= 2
    return out


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
    # sequence number t * F + f differs from the last one in a single number
    X = np.concatenate([np.eye(T * F), np.zeros((1, T * F))]).reshape(-1, T, F)
    Y = np.asarray(predict(X))
    changed = np.abs(Y[:-1] - Y[-1]).max(axis=-1) > 1e-6
    changed = changed.reshape(T, F, T).any(axis=1)  # input step, output step
    return not np.tril(changed, -1).any()
