"""Reading in both directions: the reference solution."""

import keras
import matplotlib.pyplot as plt
import numpy as np

MODES = ("concat", "sum", "ave")


def bidirectional_forward(X, step_f, step_b, merge="concat"):
    """Run one cell forward and one backward over the sequences, and join their states at each step.

    X: shape (B, T, F).
    step_f, step_b: step(x, h) returns a cell's new state, shape (B, U). x holds the inputs of one
        time step, shape (B, F), and h the cell's last state, which is None at first.
    merge: 'concat' (forward state first), 'sum' or 'ave'.
    Returns a float64 array of shape (B, T, 2U) for 'concat', else (B, T, U).
    Raises ValueError for any other mode, and if X does not have three axes.
    """
    if merge not in MODES:
        raise ValueError(f"merge is {merge!r}, not one of {', '.join(MODES)}")
    if X.ndim != 3:
        raise ValueError(f"X should have three axes, not shape {X.shape}")
    forward, backward = [], []
    h = None
    for t in range(X.shape[1]):
        h = step_f(X[:, t], h)
        forward.append(h)
    h = None
    for t in reversed(range(X.shape[1])):
        h = step_b(X[:, t], h)
        backward.append(h)
    backward.reverse()
    forward, backward = np.stack(forward, axis=1), np.stack(backward, axis=1)
    if merge == "concat":
        return np.concatenate([forward, backward], axis=2)
    return forward + backward if merge == "sum" else (forward + backward) / 2


def build_bidirectional(T, F, units, n_out, merge="concat"):
    """Build and compile a model: Input, a Bidirectional LSTM that returns all steps, Dense (linear).

    The input shape is (T, F), and each direction has `units` units. There are `n_out` outputs per step.
    The optimizer is Adam with its default rate. The loss is the mean squared error.
    Raises ValueError if merge is not 'concat', 'sum' or 'ave'.
    """
    if merge not in MODES:
        raise ValueError(f"merge is {merge!r}, not one of {', '.join(MODES)}")
    model = keras.Sequential(
        [
            keras.Input(shape=(T, F)),
            keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode=merge),
            keras.layers.Dense(n_out),
        ]
    )
    model.compile(optimizer="adam", loss="mse")
    return model


def is_causal(predict, T, F):
    """Return True if no output depends on an input of a later step, and False if one does.

    predict: takes shape (n, T, F), returns shape (n, T, K): K numbers per time step.
    """
    X = np.random.default_rng(0).normal(size=(1, T, F))
    before = predict(X)
    for t in range(1, T):
        changed = X.copy()
        changed[:, t:] += 1
        after = predict(changed)
        if not np.allclose(before[:, :t], after[:, :t]):
            return False
    return True


def toy_cell(seed, n_features, units=4):
    """Return a small recurrent cell with random weights, as a function step(x, h)."""
    rng = np.random.default_rng(seed)
    W, R = rng.normal(size=(n_features, units)), 0.5 * rng.normal(size=(units, units))

    def step(x, h):
        return np.tanh(x @ W + (0 if h is None else h @ R))

    return step


def influences(predict, T, F):
    """Return a table with one row per output step: which input steps does it depend on?

    For each pair of an input and an output, a small network of two steps reads the input at its
    second step and shows the output at its first. It is causal if the input has no influence.
    """

    def pair(s, t):
        def two_steps(x, **_):
            X = np.zeros((len(x), T, F))
            X[:, s] = x[:, 1]
            output = np.asarray(predict(X))[:, t]
            return np.stack([output, np.zeros_like(output)], axis=1)

        return two_steps

    return np.array([[not is_causal(pair(s, t), 2, F) for s in range(T)] for t in range(T)])


def plot_influences(tables):
    """Draw one table of influences per network. tables: title -> shape (T, T)."""
    figure, places = plt.subplots(1, len(tables), figsize=(4 * len(tables), 4), layout="constrained")
    for axes, (title, table) in zip(places, tables.items(), strict=True):
        axes.imshow(table, cmap="Blues", vmin=0, vmax=1.4)
        edges = np.arange(len(table) - 1) + 0.5
        axes.set_xticks(edges, minor=True)
        axes.set_yticks(edges, minor=True)
        axes.grid(which="minor", color="white")
        axes.plot([-0.5, len(table) - 0.5], [-0.5, len(table) - 0.5], color="black", linewidth=1)
        axes.set(title=title, xlabel="input step", ylabel="output step")
    figure.suptitle(
        "Blue: the output depends on this input. Above the line, the input is later than the output."
    )
    return figure


def main():
    """Show which inputs the two halves of a bidirectional layer depend on, and those of a whole network."""
    keras.utils.set_random_seed(10)
    T, F, U = 6, 2, 4
    step_f, step_b = toy_cell(1, F), toy_cell(2, F)
    model = build_bidirectional(T, F, units=U, n_out=1)

    def halves(first, last):
        def predict(X, **_):
            return bidirectional_forward(X, step_f, step_b)[:, :, first:last]

        return predict

    networks = {
        "forward half": halves(0, U),
        "backward half": halves(U, 2 * U),
        "Bidirectional in Keras": lambda X, **_: model.predict_on_batch(X),
    }
    for name, predict in networks.items():
        print(f"{name:24} causal: {is_causal(predict, T, F)}")
    for merge in ("concat", "sum", "ave"):
        built = build_bidirectional(T, F, units=U, n_out=1, merge=merge)
        print(f"merge={merge!r:9} weights: {built.count_params()}")
    figure = plot_influences({name: influences(predict, T, F) for name, predict in networks.items()})
    figure.savefig("exercise_bidirectional.png")
    plt.close(figure)
    print("plot saved as exercise_bidirectional.png")


if __name__ == "__main__":
    main()
