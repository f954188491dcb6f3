import keras
import numpy as np


def read(step, steps, h=None):
    """Return the states after each of the steps."""
    if not steps:
        return []
    state = step(steps[0], h)
    return [state, *read(step, steps[1:], state)]


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    match merge:
        case "concat":
            join = lambda f, b: np.block([f, b])  # noqa: E731
        case "sum":
            join = lambda f, b: b + f  # noqa: E731
        case "ave":
            join = lambda f, b: f / 2 + b / 2  # noqa: E731
        case _:
            raise ValueError(f"no such mode: {merge}")
    if len(np.shape(X)) != 3:
        raise ValueError(f"three axes, please, not {np.shape(X)}")
    steps = [X[:, t].copy() for t in range(X.shape[1])]
    there = read(step_f, steps)
    back = read(step_b, steps[::-1])[::-1]
    return np.array([join(f, b) for f, b in zip(there, back, strict=True)]).swapaxes(0, 1)


def build_bidirectional(T, F, units, n_out, merge="concat"):
    if merge != "concat" and merge != "sum" and merge != "ave":
        raise ValueError(f"no such mode: {merge}")
    x = inputs = keras.layers.Input(shape=[T, F])
    x = keras.layers.Bidirectional(
        keras.layers.LSTM(units, activation="tanh", return_sequences=True), merge_mode=merge
    )(x)
    model = keras.models.Model(inputs=inputs, outputs=keras.layers.Dense(units=n_out)(x))
    model.compile(loss="mse", optimizer="Adam")
    return model


def is_causal(predict, T, F):
    """Change one number at a time."""
    X = np.full((1, T, F), 0.25)
    before = predict(X)
    for s in range(T):
        for f in range(F):
            X[0, s, f] += 1
            after = predict(X)
            X[0, s, f] -= 1
            for t in range(s):
                if (before[0, t] != after[0, t]).any():
                    return False
    return True
