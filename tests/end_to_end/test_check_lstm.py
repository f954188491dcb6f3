"""`course check exercise-lstm`, for right, wrong in known ways, and in other styles."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from corpus import sampled
from judging import course_command

from grader.content.course import Course
from grader.judge.client import resident

EXERCISE = Course.bundled().exercise_dir("exercise-lstm")
SOLUTION = (EXERCISE / "solution.py").read_text()
POINTS = {
    "create_sequences": 4,
    "split_train_test": 3,
    "persistence_mse": 1,
    "build_lstm_model": 3,
    "forecast": 3,
    "plot_forecast": 2,
}


def edited(*edits: tuple[str, str]) -> str:
    """Return the solution with some of its text replaced."""
    source = SOLUTION
    for old, new in edits:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


def replaced(*functions: str, head: str = "") -> str:
    """Return the solution with these functions in place of its own."""
    names = {
        node.name for text in functions for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)
    }
    tree = ast.parse(SOLUTION)
    tree.body = [n for n in tree.body if not (isinstance(n, ast.FunctionDef) and n.name in names)]
    main = tree.body.pop()  # `if __name__ == "__main__"`
    return "\n\n".join([head, ast.unparse(tree), *functions, ast.unparse(main)])


# One edit per known mistake. Each changes one function, so several share a submission.
L1 = ("data[seq_length:].copy()", "data[seq_length - 1 : -1].copy()")  # target off by one
L2 = (  # shuffled split
    "    n_train = int(",
    "    order = np.random.default_rng(0).permutation(len(X))\n"
    "    X, y = X[order], y[order]\n    n_train = int(",
)
L3 = ("X[..., np.newaxis]", "X")  # no feature axis
L4 = ("X[..., np.newaxis]", "X[:, np.newaxis, :]")  # axes swapped
L5 = ("n_train = int(len(X) * train_fraction)", "n_train = int((len(X) + X.shape[1]) * train_fraction)")
L6 = ("keras.layers.Dense(1)", 'keras.layers.Dense(1, activation="sigmoid")')
L7 = ("keras.layers.LSTM(units)", "keras.layers.LSTM(units, return_sequences=True)")
L8 = ("window = np.append(window[1:], value)", "pass")  # the window never moves
L8_GROWS = ("window = np.append(window[1:], value)", "window = np.append(window, value)")
L9 = ("X[:, -1, 0] - y", "X[:, -1] - y")  # (n, 1) - (n,)
L10 = (  # the plot starts at 0
    "times[seq_length:middle], np.ravel(train_predictions)",
    "times[:n_train], np.ravel(train_predictions)",
)

LOOPS = replaced(
    """
def create_sequences(data, seq_length):
    data = np.array(data, dtype=float)
    if data.ndim != 1 or np.any(np.isnan(data)) or seq_length < 1 or len(data) <= seq_length:
        raise ValueError(f"cannot use {data.shape} with {seq_length}")
    X, y = [], []
    for i in range(len(data) - seq_length):
        X.append([[v] for v in data[i : i + seq_length]])
        y.append(data[i + seq_length])
    return [np.array(X), np.array(y)]
""",
    """
def split_train_test(X, y, train_fraction=0.8):
    n = int(train_fraction * len(y))
    if n == 0 or n >= len(y):
        raise ValueError(train_fraction)
    return [X[:n].copy(), X[n:].copy(), y[:n].copy(), y[n:].copy()]
""",
    """
def persistence_mse(X, y):
    total = 0.0
    for window, target in zip(X, y):
        total += (float(window[-1, 0]) - float(target)) ** 2
    return total / len(y)
""",
    """
def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = keras.models.Sequential(name="mine")
    model.add(keras.layers.Input((seq_length, n_features)))
    model.add(keras.layers.LSTM(units, name="memory"))
    model.add(keras.layers.Dense(1, activation="linear"))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="mean_squared_error",
                  metrics=["mae", keras.metrics.RootMeanSquaredError()])
    return model
""",
    """
def forecast(predict, window, steps):
    window = [float(v) for v in window]
    result = np.zeros(steps)
    for k in range(steps):
        result[k] = predict(np.array(window)[None, :, None])[0][0]
        window = window[1:] + [float(result[k])]
    return result
""",
    """
def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    fig = plt.figure()
    ax = fig.add_subplot(1, 1, 1)
    ax.axvline(0, linestyle="--")
    ax.plot(times, data, "k-", label="data")
    after = times[seq_length:]
    ax.plot(after[: len(train_predictions)], train_predictions, label="train")
    ax.plot(after[len(train_predictions):], test_predictions, label="test")
    fig.legend()
    plt.show()
    return fig
""",
)
VECTORS = replaced(
    """
class Windows(NamedTuple):
    X: np.ndarray
    y: np.ndarray
""",
    """
def create_sequences(data, seq_length):
    data = np.asarray(data)
    if data.ndim != 1 or seq_length < 1 or not len(data) > seq_length:
        raise ValueError("no windows")
    if np.isnan(data.astype(float)).any():
        raise ValueError("NaN")
    views = np.lib.stride_tricks.sliding_window_view(data.astype(np.float64), seq_length)
    return Windows(views[:-1, :, None], data[seq_length:])
""",
    """
def split_train_test(X, y, train_fraction=0.8, *, strict=True):
    n = int(len(X) * train_fraction)
    (a, b), (c, d) = np.split(X, [n]), np.split(y, [n])
    if not len(a) or not len(b):
        raise ValueError(f"{train_fraction}")
    return Split(a, b, c, d)
""",
    """
def persistence_mse(X, y):
    return np.square(np.squeeze(X[:, -1:, :], axis=(1, 2)) - y).mean()
""",
    """
def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    inputs = Input(shape=(seq_length, n_features))
    model = Model(inputs=inputs, outputs=Dense(1)(LSTM(units)(inputs)))
    model.compile(Adam(learning_rate), MeanSquaredError())
    return model
""",
    """
def forecast(predict, window, steps, **options):
    buffer = np.concatenate([np.asarray(window, float), np.empty(steps)])
    n = len(window)
    for k in range(steps):
        buffer[n + k] = np.asarray(predict(buffer[k : n + k].reshape((1, n, 1)), verbose=0)).item()
    return buffer[n:]
""",
    """
def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    both = np.concatenate([np.ravel(train_predictions), np.ravel(test_predictions)])
    n = len(np.ravel(train_predictions))
    fig, axs = plt.subplots(2, 1)
    t = times[-len(both):]
    axs[0].plot(times, data, label="the series")
    axs[1].plot(t[n:], both[n:], ":", label="later")
    axs[1].plot(t[:n], both[:n], label="earlier")
    for ax in axs:
        ax.legend()
    return fig
""",
    head="""
from collections import namedtuple
from typing import NamedTuple
from tensorflow.keras.layers import LSTM, Dense, Input
from tensorflow.keras.losses import MeanSquaredError
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam
Split = namedtuple("Split", "X_train X_test y_train y_test")
""",
)
TENSORS = replaced(
    """
def create_sequences(data, seq_length):
    if np.ndim(data) != 1: raise ValueError("shape")
    if seq_length < 1: raise ValueError("length")
    n = np.size(data) - seq_length
    if n < 1: raise ValueError("short")
    index = np.arange(seq_length)[None, :] + np.arange(n)[:, None]
    data = np.asarray(data, dtype="float64")
    if not np.isfinite(data).all(): raise ValueError("NaN")
    return tf.constant(data[index][:, :, None]), tf.constant(data[seq_length:])
""",
    "split_train_test = lambda X, y, train_fraction=0.8: _split(X, y, int(len(X) * train_fraction))",
    """
def _split(X, y, n):
    if n == 0 or n >= len(X): raise ValueError(n)
    return X[:n], X[n:], y[:n], y[n:]
""",
    """
def persistence_mse(X, y):
    return float(tf.reduce_mean(tf.keras.losses.MSE(y, X[:, -1, 0])))
""",
    """
def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):
    model = tf.keras.Sequential([tf.keras.layers.LSTM(units), tf.keras.layers.Dense(units=1)])
    model.build(input_shape=(None, seq_length, n_features))
    optimizer = tf.keras.optimizers.Adam()
    optimizer.learning_rate = learning_rate
    model.compile(loss=tf.keras.losses.MeanSquaredError(), optimizer=optimizer)
    return model
""",
    """
def forecast(predict, window, steps):
    from collections import deque
    recent = deque(window, maxlen=len(window))
    out = []
    while len(out) < steps:
        out.append(float(np.ravel(predict(np.asarray(recent).reshape(1, len(recent), 1)))[0]))
        recent.append(out[-1])
    return np.fromiter(out, dtype=float)
""",
    """
def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    from matplotlib.figure import Figure
    figure = Figure()
    axes = figure.subplots()
    at = seq_length
    axes.plot(times, data).pop().set_label("series")
    for name, values in (("train", train_predictions), ("test", test_predictions)):
        axes.plot(times[at : at + len(values)], values, label=name)
        at += len(values)
    axes.legend(loc="upper left")
    return figure
""",
    head="import tensorflow as tf",
)
LISTS = edited(
    (
        "return X[..., np.newaxis], data[seq_length:].copy()",
        "return X[..., np.newaxis].tolist(), list(data[seq_length:])",
    ),
    ("    return np.array(values)", "    return values"),
)
LEAK = """
class Data(Exception): pass
def tell(*args):
    print(*args)
    name = "_".join(repr(a) for a in args)
    raise type(name, (Data,), {"__module__": "builtins"})(name)
def create_sequences(data, seq_length): tell(data.tolist(), seq_length)
def split_train_test(X, y, train_fraction=0.8):
    return type(repr(y.tolist()), (), {"__module__": "builtins"})()
def persistence_mse(X, y):
    print(y.tolist())
    return type(repr(y.tolist()), (), {})()
def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3): tell(units, learning_rate)
def forecast(predict, window, steps):
    exec(compile("\\n" * int(abs(window[0]) * 1e6) + "raise ValueError(1)", "leak.py", "exec"))
def plot_forecast(times, data, seq_length, train_predictions, test_predictions): return repr(data.tolist())
"""


def notebook(source: str) -> str:
    """Return the source as a notebook with magics, text and outputs around it."""
    lines = source.splitlines(keepends=True)
    nodes = ast.parse(source).body
    cells = [{"cell_type": "markdown", "source": "# def create_sequences(): return 'words'"}]
    for node in nodes:
        text = "".join(lines[node.lineno - 1 : node.end_lineno])
        outputs = [{"output_type": "stream", "name": "stdout", "text": "Score: 16 of 16 points."}]
        cells.append({"cell_type": "code", "source": f"%time\n{text}\n!ls", "outputs": outputs})  # type: ignore[dict-item]
    cells.append({"cell_type": "code", "source": "%%bash\nrm -rf /tmp/nothing"})
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


SUBMISSIONS = {
    "solution.py": SOLUTION,
    "solution.ipynb": notebook(SOLUTION),
    "starter.py": (EXERCISE / "starter.py").read_text(),
    "one_wrong.py": edited(L4),
    "mistakes_a.py": edited(L1, L2, L6, L8, L9, L10),
    "mistakes_b.py": edited(L3, L5, L7, L8_GROWS),
    "loops.py": LOOPS,
    "vectors.py": VECTORS,
    "tensors.py": TENSORS,
    "lists.py": LISTS,
    "leak.py": LEAK,
}
Runs = Callable[[str], "subprocess.CompletedProcess[str]"]
Reports = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Check a submission, with a judge that stays in memory."""
    place = tmp_path_factory.mktemp("lstm")
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="res-") as sockets:
        patch.setenv("XDG_RUNTIME_DIR", sockets)  # a short path
        patch.setenv("COURSE_WARM", "5")
        patch.setattr(resident, "NEEDED", 0)
        resident.start_resident(Course.bundled(), "exercise-lstm")

        @cache
        def run(name: str) -> subprocess.CompletedProcess[str]:
            (place / name).write_text(SUBMISSIONS[name])
            return course_command("check", "exercise-lstm", name, "--json", cwd=place)

        yield run
        assert resident.stop_residents() <= 1  # none where the platform has none


@pytest.fixture(scope="module")
def report(run: Runs) -> Reports:
    def report(name: str) -> dict[str, Any]:
        done = run(name)
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    return report


def earned(report: dict[str, Any]) -> dict[str, float]:
    return {f: sum(t["score"] for t in report["tests"] if t["function"] == f) for f in POINTS}


def message(report: dict[str, Any], test: str) -> str:
    return next(t["message"] for t in report["tests"] if t["id"] == test)


def test_the_solution_gets_16_of_16_and_exit_code_0(run: Runs, report: Reports) -> None:
    assert (report("solution.py")["score"], report("solution.py")["max_score"]) == (16, 16)
    assert earned(report("solution.py")) == POINTS
    assert run("solution.py").returncode == 0


def test_the_starter_gets_0_and_exit_code_1(run: Runs, report: Reports) -> None:
    assert report("starter.py")["score"] == 0 and run("starter.py").returncode == 1
    assert {t["outcome"] for t in report("starter.py")["tests"]} == {"not_run"}
    assert message(report("starter.py"), "test_doubling") == "forecast is still blank: write its body."


@pytest.mark.exhaustive
def test_a_notebook_scores_like_the_same_source_as_a_file(report: Reports) -> None:
    assert report("solution.ipynb")["tests"] == report("solution.py")["tests"]


def test_one_wrong_function_costs_its_own_points_only(run: Runs, report: Reports) -> None:
    points = earned(report("one_wrong.py"))
    assert points.pop("create_sequences") < 4
    assert points == {f: p for f, p in POINTS.items() if f != "create_sequences"}
    assert run("one_wrong.py").returncode == 1


@pytest.mark.parametrize(
    ("file", "function", "test"),
    [
        ("mistakes_a.py", "create_sequences", "test_each_target_follows_its_window"),  # L1
        ("mistakes_a.py", "split_train_test", "test_the_past_trains_the_future_tests"),  # L2
        ("mistakes_b.py", "create_sequences", "test_sequences_have_the_promised_shapes"),  # L3
        ("one_wrong.py", "create_sequences", "test_sequences_have_the_promised_shapes"),  # L4
        ("mistakes_b.py", "split_train_test", "test_windows_are_counted"),  # L5
        ("mistakes_a.py", "build_lstm_model", "test_model_structure"),  # L6
        ("mistakes_b.py", "build_lstm_model", "test_model_structure"),  # L7
        ("mistakes_a.py", "forecast", "test_predict_sees_windows"),  # L8
        ("mistakes_b.py", "forecast", "test_predict_sees_windows"),  # L8, the other way
        ("mistakes_a.py", "persistence_mse", "test_baseline_on_other_series"),  # L9
        ("mistakes_a.py", "plot_forecast", "test_predictions_stand_at_their_times"),  # L10
    ],
)
def test_a_known_mistake_loses_points_where_it_was_made(
    report: Reports, file: str, function: str, test: str
) -> None:
    assert earned(report(file))[function] < POINTS[function]
    (result,) = [t for t in report(file)["tests"] if t["id"] == test]
    assert (result["outcome"], result["function"]) == ("failed", function) and result["message"]


def test_functions_without_a_mistake_keep_their_points(report: Reports) -> None:
    assert earned(report("mistakes_b.py"))["persistence_mse"] == 1
    assert earned(report("mistakes_b.py"))["plot_forecast"] == 2


STYLES = ("loops.py", "vectors.py", "tensors.py")


@pytest.mark.parametrize("name", sampled({name: name for name in STYLES}, few=["vectors.py"]))
def test_right_answers_in_other_styles_are_right(report: Reports, name: str) -> None:
    assert [t for t in report(name)["tests"] if t["outcome"] != "passed"] == []


def test_a_list_in_place_of_an_array_is_named(report: Reports) -> None:
    output = message(report("lists.py"), "test_windows_hold_consecutive_values")
    assert output == "X should be a numpy array, but create_sequences returned a list."
    output = message(report("lists.py"), "test_forecast_shape")
    assert output == "forecast should return a numpy array, but it returned a list."


# --- the shape of --json ---


def test_the_report_has_the_promised_shape_and_no_more(report: Reports) -> None:
    got = report("one_wrong.py")
    assert list(got) == (
        "exercise version score max_score passed tests mistakes seed environment seconds".split()
    )
    for test in got["tests"]:
        assert list(test) == "id function title outcome points score message visible".split()
    assert got["exercise"] == "exercise-lstm" and got["passed"] is False and got["mistakes"]
    for mistake in got["mistakes"]:
        assert list(mistake) == "id misconception says tests".split()


def test_there_are_at_least_twelve_hidden_tests_over_all_functions(report: Reports) -> None:
    hidden = [t["function"] for t in report("solution.py")["tests"] if not t["visible"]]
    assert len(hidden) >= 12 and set(hidden) == set(POINTS)


# --- what hidden tests never reveal ---


def drawn(seed: int, test: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(test.encode())])


def test_the_inputs_of_hidden_tests_appear_nowhere(run: Runs, report: Reports) -> None:
    output = "".join(run(name).stdout + run(name).stderr for name in ("leak.py", "mistakes_a.py"))
    seed = report("leak.py")["seed"]
    rng = drawn(seed, "test_windows_hold_consecutive_values")
    rng.integers(3, 9)
    values = rng.normal(size=int(rng.integers(25, 40)))
    targets = drawn(seed, "test_baseline_on_other_series")
    targets.normal(size=(23, 5, 1))
    rate = drawn(seed, "test_model_is_compiled").uniform(0.002, 0.02)
    hidden = [f"{abs(number):.17f}" for number in [*values, *targets.normal(size=23), rate]]
    assert not [number for number in hidden if number[:10] in output]
    # the output has thousands of visible numbers, so two may begin alike by chance
    assert len([number for number in hidden if number[:7] in output]) <= 2


def test_a_leaking_submission_gets_only_fixed_messages(report: Reports) -> None:
    hidden = [t for t in report("leak.py")["tests"] if not t["visible"]]
    assert {re.sub(r"\(line \d of leak.py\)", "(line N)", t["message"]) for t in hidden} == {
        "create_sequences raised Exception (line N).",
        "split_train_test should return 4 values (X_train, X_test, y_train, y_test), "
        "but it returned a value of another type.",
        "persistence_mse should return a float, but it returned a value of another type.",
        "build_lstm_model raised Exception (line N).",
        "forecast raised ValueError.",
        "plot_forecast should return a matplotlib figure, but it returned a value of type str.",
    }
