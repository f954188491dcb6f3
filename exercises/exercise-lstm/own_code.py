"""Calls and questions about learners' own code. Inputs are small enough to follow by hand."""

import numpy as np

from grader.testing import Shown, Wrong, question


def series(rng, n):
    return np.array([float(each) for each in rng.sample(range(1, 30), n)])


def windows(rng, n=None, length=None):
    """Windows and targets that a learner can see at a glance."""
    n, length = n or rng.randrange(6, 12), length or rng.randrange(2, 5)
    first = rng.randrange(1, 20)
    X = np.array([[[float(first + i + j)] for j in range(length)] for i in range(n)])
    y = X[:, -1, 0] + 1
    return (
        Shown(X, f"X of shape {X.shape}"),
        Shown(y, f"y with the targets {y[0]:g}, {y[1]:g}, …, {y[-1]:g}"),
    )


def few_windows(rng):
    length, n = rng.choice([2, 3]), rng.choice([2, 3])
    X = np.array([[[float(rng.randrange(1, 9))] for _ in range(length)] for _ in range(n)])
    return X, np.array([float(rng.randrange(1, 9)) for _ in range(n)])


def predict(window, **_):
    """Return the sum of the window."""
    return np.array([[float(np.sum(window))]])


def last_plus_one(window, **_):
    return np.array([[float(np.ravel(window)[-1]) + 1]])


def forecast_call(rng):
    shown = rng.choice(
        [
            Shown(predict, "predict_sum"),
            Shown(last_plus_one, "predict_last_plus_1"),
        ]
    )
    return shown, series(rng, rng.choice([2, 3])), rng.choice([4, 5, 6])


def plot_call(rng):
    n, length = rng.randrange(12, 20), rng.randrange(2, 5)
    train = rng.randrange(4, n - length - 2)
    start = rng.randrange(0, 50)
    return (
        Shown(np.arange(start, start + n), f"times={start}…{start + n - 1}"),
        Shown(np.sin(np.arange(n)), f"data of {n} values"),
        length,
        Shown(np.zeros(train), f"{train} train predictions"),
        Shown(np.ones(n - length - train), f"{n - length - train} test predictions"),
    )


CALLS = {
    "create_sequences": lambda rng: (series(rng, rng.randrange(6, 10)), rng.randrange(2, 5)),
    "split_train_test": lambda rng: (*windows(rng), rng.choice([0.5, 0.6, 0.7, 0.75])),
    "persistence_mse": few_windows,
    "build_lstm_model": lambda rng: (rng.randrange(3, 12), rng.randrange(2, 9), rng.randrange(1, 4)),
    "forecast": forecast_call,
    "plot_forecast": plot_call,
}


def sequence_edges(rng):
    """Windows that are as long as possible, and one that is too long."""
    lengths = rng.sample(range(4, 9), 4)
    too_long = rng.choice(lengths)
    return [(series(rng, n), n if n == too_long else n - 1) for n in lengths]


def split_edges(rng):
    """Parts that are as small as possible, and one that is empty."""
    sizes = rng.sample(range(4, 10), 4)
    empty = rng.choice(sizes)
    return [(*windows(rng, n), round((1 / n + (-0.02 if n == empty else 0.02)), 2)) for n in sizes]


def bad_sequence(rng):
    n = rng.randrange(4, 7)
    values = series(rng, n)
    holes = values.copy()
    holes[1] = np.nan
    shown = Shown(holes, f"np.array([{values[0]}, np.nan, {', '.join(map(str, values[2:]))}])")
    return rng.choice([(values, n), (values, 0), (values.reshape(1, -1), 1), (shown, 2)])


EDGES = {"create_sequences": sequence_edges, "split_train_test": split_edges}
RAISING = {"create_sequences": bad_sequence}


@question("create_sequences", level=1)
def first_window(code, call):
    """Which numbers are in `X[0]`, the first window that your function returns for {call}?"""
    X, _ = code.run(call)
    yield X[0]
    yield from code.mistakes(lambda result: result[0][0])
    yield Wrong(X[1], "That is the window after it.")
    yield Wrong(X[-1], "That is the last window.")


@question("split_train_test", level=1, kind="shape")
def second_array(code, call):
    """What is the shape of `X_test`, the second array that your function returns for {call}?"""
    train, test, *_ = code.run(call)
    yield test.shape
    yield from code.mistakes(lambda result: result[1].shape)
    yield Wrong(train.shape, "That is the first part, `X_train`.")


@question("forecast", level=2)
def third_window(code, call):
    """In {call}, your function calls the function that it is given. What is in the third window?"""
    windows = code.observed(call)
    yield windows[2]
    yield Wrong(windows[0], "That is the first window: it should have moved by two places.")
    yield Wrong(windows[1], "That is the second window.")
    yield Wrong(windows[3], "That is the fourth window.")


@question("build_lstm_model", level=1, kind="number")
def weights_of_the_lstm(code, call):
    """How many weights does the model have that your function returns for {call}?"""
    length, units, features = call
    yield code.run(call).weights
    yield Wrong(
        4 * units * (units + features) + units + 1, "The four gates and the candidate also have biases."
    )
    yield Wrong(
        units * (units + features + 1) + units + 1, "An LSTM has four times the weights of a simple layer."
    )
    yield Wrong(4 * units * (units + features + 1), "The Dense layer has weights, too.")
    yield Wrong(
        4 * units * (units + length + 1) + units + 1,
        "The length of the window does not change the number of weights.",
    )
