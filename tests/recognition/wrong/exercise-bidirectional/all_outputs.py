# expect: is_causal=compares-all-from-the-start
# compares all outputs, so that any dependence counts.
import keras
import numpy as np


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
    if merge not in ("concat", "sum", "ave"):
        raise ValueError("merge must be concat, sum or ave, not " + repr(merge))
    recurrent = keras.layers.LSTM(units=units, return_sequences=True)
    model = keras.Sequential(name="reader")
    model.add(keras.Input(shape=(T, F)))
    model.add(keras.layers.Bidirectional(layer=recurrent, merge_mode=merge))
    # the same output layer at each time step
    model.add(keras.layers.TimeDistributed(keras.layers.Dense(n_out)))
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
    return model


def is_causal(predict, T, F):
    anzahl = 0
    x = np.full((1, T, F), 0.5)
    y = predict(x)
    for k in range(T * F):
        t, f = divmod(k, F)
        neu = x.copy()
        neu[0][t][f] = -2
        diff = predict(neu) - y
        anzahl += np.count_nonzero(diff)
    if anzahl > 0:
        return False
    else:
        return True
