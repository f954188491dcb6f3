"""What visible and hidden tests say to code for older versions of Keras and TensorFlow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from judging import submission
from test_check_lstm import edited

from grader.content.course import Course
from grader.judge import sentences
from grader.judge.client.judge import Judge
from grader.judge.report import Report

# tests/judge/server/test_old_keras.py tries each name, without a judge
pytestmark = pytest.mark.exhaustive

OPTIMIZER = "keras.optimizers.Adam(learning_rate)"
MSE = "float(np.mean((X[:, -1, 0] - y) ** 2))"
TENSOR = "tf.reduce_mean((X[:, -1, 0] - y) ** 2)"
START = "import keras\nimport matplotlib.pyplot as plt\n"
OFF = "import tensorflow as tf\ntf.compat.v1.disable_eager_execution()\n"
OLD_IMPORT = "try:\n    from keras.utils import np_utils\nexcept ImportError:\n    pass\n"
GRAPH = """\
    with tf.Graph().as_default():
        model = keras.Sequential([keras.Input((seq_length, 1)), keras.layers.LSTM(units)])
    model.compile"""

SOURCES = {
    "optimizer": edited((OPTIMIZER, "keras.optimizers.Adam(\n        lr=learning_rate)")),
    "shape": edited(
        ("keras.Input(shape=(seq_length, n_features)),", ""),
        ("LSTM(units)", "LSTM(units,\n                batch_input_shape=(None, seq_length, n_features))"),
    ),
    "name": edited((START, START + OLD_IMPORT), (MSE, "float(np_utils.to_categorical(y).mean())")),
    "eager": edited((START, START + OFF), (MSE, TENSOR)),
    "array": edited((START, START + OFF), (MSE, f"float(np.array({TENSOR}))")),
    "graph": edited((START, START + "import tensorflow as tf\n"), ("    model.compile", GRAPH)),
    "file": edited((MSE, "float(np.loadtxt('data.csv'))")),
}
SAYS_LEARNING_RATE = "`lr=` is called `learning_rate=` in Keras 3."
SAYS_BATCH_SHAPE = "Keras 3 has no `batch_input_shape=`. Start the model with `keras.Input(batch_shape=...)`."
SAYS_UTILS = "`keras.utils.np_utils` is called `keras.utils` in Keras 3."
TURNS_OFF = "turns off eager execution, but Keras 3 needs it. Remove that line."
SAYS_OFF = f"<tf.compat.v1.disable_eager_execution()> {TURNS_OFF}"
SAYS_GRAPH = f"<with tf.Graph().as_default():> {TURNS_OFF}"
REFUSED = "The model cannot be checked because it was made without eager execution."
NO_FLOAT = "persistence_mse should return a float, but it returned"
Messages = Callable[[str, str], tuple[set[str], set[str]]]


@pytest.fixture(scope="module")
def messages() -> Iterator[Messages]:
    with Judge() as judge:

        @cache
        def report_on(name: str) -> Report:
            return judge.check(Course.bundled(), "exercise-lstm", submission(SOURCES[name]), seed=1)

        def said(name: str, function: str) -> tuple[set[str], set[str]]:
            """Return the messages of the function's visible and hidden tests, with code for its line."""
            lines = SOURCES[name].splitlines()

            def shown(message: str) -> str:
                first = message.split("\n")[0]  # the call and the output follow
                return re.sub(r"[Ll]ine (\d+) of my.py", lambda m: f"<{lines[int(m[1]) - 1].strip()}>", first)

            tests = [test for test in report_on(name).tests if test.function == function]
            visible = {shown(test.message) for test in tests if test.visible}
            return visible, {shown(test.message) for test in tests if not test.visible}

        yield said


@pytest.mark.parametrize(
    ("name", "function", "error", "text", "code", "advice"),
    [
        ("optimizer", "build_lstm_model", "ValueError", "Argument(s) not recognized: {'lr': 0.001}",
         "model.compile(optimizer=keras.optimizers.Adam(", SAYS_LEARNING_RATE),
        ("shape", "build_lstm_model", "ValueError", "Unrecognized keyword arguments passed to LSTM: "
         "{'batch_input_shape': (None, 10, 1)}", "keras.layers.LSTM(units,", SAYS_BATCH_SHAPE),
        ("name", "persistence_mse", "ImportError", "cannot import name 'np_utils' from 'keras.utils'",
         "return float(np_utils.to_categorical(y).mean())", SAYS_UTILS),
        ("array", "persistence_mse", "NotImplementedError", "Cannot convert a symbolic tf.Tensor (Mean:0) to "
         "a numpy array. This error may indicate that you're trying to pass a Tensor to a NumPy call, which "
         "is not supported.", f"return float(np.array({TENSOR}))", SAYS_OFF),
        ("file", "persistence_mse", "FileNotFoundError", "data.csv not found.",
         "return float(np.loadtxt('data.csv'))", sentences.no_files()),
    ],
)  # fmt: skip
def test_an_error_is_followed_by_advice(
    messages: Messages, name: str, function: str, error: str, text: str, code: str, advice: str
) -> None:
    visible, hidden = messages(name, function)
    assert visible == {f"{function} raised {error}: {text} (<{code}>). {advice}"}
    assert hidden == {f"{function} raised {error} (<{code}>). {advice}"}


def test_the_line_that_turns_off_eager_execution_is_named(messages: Messages) -> None:
    assert messages("eager", "build_lstm_model") == ({f"{REFUSED} {SAYS_OFF}"}, {f"{REFUSED} {SAYS_OFF}"})
    assert messages("graph", "build_lstm_model") == ({f"{REFUSED} {SAYS_GRAPH}"}, {f"{REFUSED} {SAYS_GRAPH}"})
    visible, hidden = messages("eager", "persistence_mse")
    kind = "a value of type tensorflow.python.framework.ops.SymbolicTensor"
    assert visible == {f"{NO_FLOAT} {kind}. It was made without eager execution. {SAYS_OFF}"}
    assert hidden == {f"{NO_FLOAT} a value of another type. It was made without eager execution. {SAYS_OFF}"}


@pytest.mark.exhaustive
def test_a_message_with_a_line_is_not_recalled_for_another_submission() -> None:
    """The same answers come from other lines, and the judge is warm."""
    with Judge() as judge:
        for blank_lines in (0, 3):
            source = "#\n" * blank_lines + SOURCES["eager"]
            report = judge.check(Course.bundled(), "exercise-lstm", submission(source), seed=1)
            line = source[: source.index("tf.compat.v1")].count("\n") + 1
            tests = [test for test in report.tests if test.function == "build_lstm_model"]
            assert all(f"Line {line} of my.py turns off" in test.message for test in tests)
