import numpy as np
import tensorflow as tf


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"{merge} is not a merge mode I know")
    try:
        B, T, _ = X.shape
    except ValueError:
        raise ValueError(f"expected 3 axes, got {X.ndim}") from None
    out = None
    h = g = None
    for i in range(T):
        j = T - 1 - i
        h, g = step_f(X[:, i], h), step_b(X[:, j], g)
        if out is None:
            U = h.shape[1]
            out = np.zeros((B, T, 2 * U), dtype=np.float64)
        out[:, i, :U] = h
        out[:, j, U:] = g
    if merge == "concat":
        return out
    total = out[..., :U] + out[..., U:]
    return total if merge == "sum" else total * 0.5


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge not in ("concat", "sum", "ave"):
        raise ValueError(f"{merge} is not a merge mode I know")
    layers = tf.keras.layers
    lstm = layers.LSTM(units, return_sequences=True)
    back = layers.LSTM(units, return_sequences=True, go_backwards=True)
    model = tf.keras.Sequential(
        [
            layers.Input((T, F)),
            layers.Bidirectional(lstm, merge_mode=merge, backward_layer=back),
            layers.Dense(n_out, activation="linear"),
        ]
    )
    model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=0.001), loss=tf.keras.losses.MSE)
    return model


def is_causal(predict, T, F):
    # sequence k of the batch differs from sequence 0 in step k
    batch = np.tile(np.random.default_rng(3).normal(size=(1, T, F)), (T + 1, 1, 1))
    for k in range(1, T + 1):
        batch[k, k - 1] -= 3.0
    outputs = predict(batch)
    moved = np.abs(outputs[1:] - outputs[0]).max(axis=2) > 1e-6  # (input step, output step)
    return not np.tril(moved, k=-1).any()
