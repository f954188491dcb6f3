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
    """Windows that are as long or as short as possible, and some that are too long or too short."""
    right = [(n, rng.choice([n - 1, n - 1, n - 2, 1])) for n in rng.choices(range(4, 9), k=9)]
    wrong = [(n, rng.choice([n, n, n + 1, 0])) for n in rng.choices(range(4, 9), k=6)]
    return [(series(rng, n), length) for n, length in (*right, *wrong)]


def split_edges(rng):
    """Parts that are as small as possible, and some that are empty."""
    right = [
        (n, rng.choice([1 / n + 0.02, 1 / n + 0.03, 0.99, 0.9, 0.95])) for n in rng.choices(range(4, 13), k=9)
    ]
    wrong = [
        (n, rng.choice([1 / n - 0.02, 1 / n - 0.03, 1.0, 1.1, 1.05])) for n in rng.choices(range(4, 13), k=6)
    ]
    return [(*windows(rng, n), round(fraction, 2)) for n, fraction in (*right, *wrong)]


def bad_sequence(rng):
    n = rng.randrange(4, 7)
    values = series(rng, n)
    holes = values.copy()
    holes[1] = np.nan
    shown = Shown(holes, f"np.array([{values[0]}, np.nan, {', '.join(map(str, values[2:]))}])")
    return rng.choice([(values, n), (values, 0), (values.reshape(1, -1), 1), (shown, 2)])


def same_split(rng):
    """Fractions that cut at the same place. Another one may be nearer but cut elsewhere."""
    n = rng.randrange(8, 15)
    place, X, y = rng.randrange(2, n - 1), *windows(rng, n)

    def fractions(place):
        return [each for each in range(6, 95) if 0.05 < each / 100 * n - place < 0.95]

    same, other = fractions(place), [each for k in (-2, -1, 1, 2) for each in fractions(place + k)]
    base = rng.choice([same[0], same[-1], rng.choice(same)])
    near = sorted(other, key=lambda each: abs(each - base))[:14]
    return (X, y, base / 100), [(X, y, each / 100) for each in [*same, *near] if each != base]


def same_error(rng):
    """Only the last value of each window plays a part, and only its distance from the target."""
    X, y = few_windows(rng)

    def changed(early=0, late=0, targets=0):
        return X + np.where(np.arange(X.shape[1]) < X.shape[1] - 1, early, late)[:, np.newaxis], y + targets

    steps = rng.sample([1, 2, 3, 4, 5, 6, 7, 8, 9], 6)
    same = [changed(early=step) for step in steps[:3]] + [changed(step, step, step) for step in steps[3:]]
    same += [changed(late=step, targets=step) for step in steps[:3]]
    other = [changed(late=step) for step in steps[:3]] + [changed(targets=step) for step in steps[:3]]
    other += [changed(step, step) for step in steps[3:]] + [
        changed(early=step, targets=step) for step in steps[3:]
    ]
    return (X, y), [*same, *other]


def same_last_value(rng):
    """This function looks at the last value alone, so the others do not matter."""
    predict, steps = Shown(last_plus_one, "predict_last_plus_1"), rng.choice([3, 4, 5])
    numbers = rng.sample(range(1, 30), 3)

    def call(*window, steps=steps):
        return predict, np.array([float(n) for n in window]), steps

    def others(count):
        return [rng.randrange(1, 30) for _ in range(count)]

    same = [call(*others(rng.choice([1, 2, 2, 3])), numbers[-1]) for _ in range(8)]
    other = [call(*numbers[:2], numbers[-1] + more) for more in (-1, 1, 10)]
    other += [call(*numbers, steps=steps + more) for more in (-1, 1)] + [call(*numbers, numbers[-1] + 1)]
    other += [call(*rng.sample([numbers[-1], *others(2)], 3)[:2], numbers[0]) for _ in range(4)]
    return call(*numbers), [*same, *other]


SAME = {"split_train_test": same_split, "persistence_mse": same_error, "forecast": same_last_value}
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
