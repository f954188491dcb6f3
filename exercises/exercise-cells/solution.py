"""The cells of SimpleRNN, LSTM and GRU in numpy: the reference solution."""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + exp(-z)), computed without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def _check_shapes(x, h, Wx, Wh, b, blocks, bias_rows=None):
    """Raise ValueError unless the arrays fit together for a cell with so many blocks of weights."""
    if x.ndim != 2 or h.ndim != 2:
        raise ValueError(f"x and h need two axes, but they have shapes {x.shape} and {h.shape}")
    (rows, features), units = x.shape, h.shape[1]
    columns = blocks * units
    bias = (columns,) if bias_rows is None else (bias_rows, columns)
    for name, given, shape in (
        ("h", h, (rows, units)),
        ("Wx", Wx, (features, columns)),
        ("Wh", Wh, (units, columns)),
        ("b", b, bias),
    ):
        if given.shape != shape:
            raise ValueError(f"{name} has shape {given.shape}, but {shape} fits the other arguments")


def rnn_step(x, h, Wx, Wh, b):
    """Return the state of a simple RNN after one step, shape (B, U).

    x: shape (B, D).  h: the state before the step, shape (B, U).
    Wx: shape (D, U).  Wh: shape (U, U).  b: shape (U,).
    Raises ValueError if an argument has another shape.
    """
    _check_shapes(x, h, Wx, Wh, b, blocks=1)
    return np.tanh(x @ Wx + h @ Wh + b)


def lstm_step(x, h, c, Wx, Wh, b):
    """Return the states (h_next, c_next) of an LSTM after one step, each of shape (B, U).

    x: shape (B, D).  h, c: the states before the step, shape (B, U).
    Wx: shape (D, 4U).  Wh: shape (U, 4U).  b: shape (4U,).
    The blocks of U columns are input gate, forget gate, candidate, output gate.
    Large numbers cause no warning. Raises ValueError if an argument has another shape.
    """
    _check_shapes(x, h, Wx, Wh, b, blocks=4)
    if c.shape != h.shape:
        raise ValueError(f"c has shape {c.shape}, but h has shape {h.shape}")
    i, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def gru_step(x, h, Wx, Wh, b):
    """Return the state of a GRU after one step, shape (B, U), as Keras computes it by default.

    x: shape (B, D).  h: the state before the step, shape (B, U).
    Wx: shape (D, 3U).  Wh: shape (U, 3U).  b: shape (2, 3U), one row for x and one for h.
    The blocks of U columns are update gate, reset gate, candidate.
    Large numbers cause no warning. Raises ValueError if an argument has another shape.
    """
    _check_shapes(x, h, Wx, Wh, b, blocks=3, bias_rows=2)
    from_x = np.split(x @ Wx + b[0], 3, axis=1)
    from_h = np.split(h @ Wh + b[1], 3, axis=1)
    z = sigmoid(from_x[0] + from_h[0])
    r = sigmoid(from_x[1] + from_h[1])
    g = np.tanh(from_x[2] + r * from_h[2])
    return z * h + (1 - z) * g


def run_layer(step, X, h0, weights, c0=None):
    """Run a cell over sequences and return its states h after every step, shape (B, T, U).

    X: shape (B, T, D).  h0: the first state, shape (B, U).  weights: a tuple of arrays.
    step: called as step(x, h, *weights) and returns the next h.  With c0, shape (B, U), it is
        called as step(x, h, c, *weights) and returns the next h and the next c.
    Raises ValueError if X does not have three axes, or if h0 or c0 does not have B rows.
    """
    if X.ndim != 3:
        raise ValueError(f"X has shape {X.shape}, but it needs three axes")
    for name, state in {"h0": h0, "c0": c0}.items():
        if state is not None and len(state) != len(X):
            raise ValueError(f"{name} has {len(state)} rows for {len(X)} sequences")
    h, c, states = h0, c0, []
    for t in range(X.shape[1]):
        if c0 is None:
            h = step(X[:, t], h, *weights)
        else:
            h, c = step(X[:, t], h, c, *weights)
        states.append(h)
    return np.stack(states, axis=1)


CELLS = {"SimpleRNN": (rnn_step, 1), "LSTM": (lstm_step, 4), "GRU": (gru_step, 3)}


def random_weights(rng, blocks, units, features):
    """Return small random Wx and Wh, and b. Gates are set so that inputs of 1 are stored and kept."""
    Wx = rng.uniform(-1, 1, size=(features, blocks * units))
    Wh = rng.uniform(-0.4, 0.4, size=(units, blocks * units))
    b = np.zeros((2, blocks * units) if blocks == 3 else blocks * units)
    first, second = slice(units), slice(units, 2 * units)
    if blocks == 4:
        Wx[:, first], b[first] = 8, -4  # the input gate is closed until a 1 arrives
        b[second] = 4  # the forget gate is open
    if blocks == 3:
        Wx[:, first], b[0, first] = -8, 4  # the update gate keeps the state until a 1 arrives
    return Wx, Wh, b


def run_cell(name, X, weights):
    """Return the states of a cell for all steps, which start at zero."""
    zeros = np.zeros((len(X), weights[1].shape[0]))
    return run_layer(CELLS[name][0], X, zeros, weights, c0=zeros if name == "LSTM" else None)


def compare_with_keras(X, weights):
    """Print how far the states are from those of Keras's layers with the same weights."""
    try:
        import keras
    except ImportError:
        print("Keras is not installed, so there is nothing to compare with")
        return
    for name, arrays in weights.items():
        layer = getattr(keras.layers, name)(arrays[1].shape[0], return_sequences=True)
        layer.build(X.shape)
        layer.set_weights(arrays)
        difference = np.abs(run_cell(name, X, arrays) - np.asarray(layer(X))).max()
        print(f"largest difference from keras.layers.{name}: {difference:.0e}")


def main():
    """Send a pulse through the three cells, draw their states, and compare them with Keras's layers."""
    import matplotlib.pyplot as plt

    rng = np.random.default_rng(4)
    X = np.zeros((1, 40, 1))
    X[0, 5] = 1  # one pulse, then nothing more
    weights = {name: random_weights(rng, blocks, 4, 1) for name, (_, blocks) in CELLS.items()}

    figure, row = plt.subplots(1, 3, figsize=(12, 4), sharey=True)
    for axes, (name, arrays) in zip(row, weights.items(), strict=True):
        states = run_cell(name, X, arrays)[0]
        kept = np.abs(states[-1]).max() / np.abs(states[5]).max()
        print(f"{name:10} keeps {kept:.0%} of its state for 34 steps")
        axes.plot(states)
        axes.axvline(5, color="gray", linestyle=":")
        axes.set(title=name, xlabel="step")
    row[0].set_ylabel("state of each unit")
    figure.suptitle("One pulse at step 5")
    figure.savefig("exercise_cells.png")
    plt.close(figure)
    print("plot saved as exercise_cells.png")

    compare_with_keras(rng.normal(size=(8, 12, 1)), weights)


if __name__ == "__main__":
    main()
