# expect: bidirectional_forward=flips-every-axis
# np.flip without an axis reverses samples and features too.
import keras
import numpy as np
from keras import layers


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
    X_rev = np.flip(X)
    b = run(step_b, X_rev)
    b = np.flip(b, axis=1)
    if merge == "concat":
        return np.dstack([f, b])
    elif merge == "sum":
        return f + b
    elif merge == "ave":
        return np.mean([f, b], axis=0)


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
