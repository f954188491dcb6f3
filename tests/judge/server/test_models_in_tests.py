"""A learner's model is compared with the reference's, from the worker to the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from judging import by_id, judged, write_exercise

from grader.content.course import Course
from grader.judge.report import Outcome, TestResult

FUNCTIONS = {"build(units=3)": {"model": "model"}}
SOLUTION = """
    import keras
    def build(units=3):
        model = keras.Sequential([keras.Input((4, 1)), keras.layers.LSTM(units), keras.layers.Dense(1)])
        model.compile("adam", "mse")
        return model
"""
TESTS = '''
    from grader.testing import assert_same_model

    @pytest.mark.points(2, function="build")
    def test_it(learner, reference):
        """It is the same."""
        assert_same_model(learner.build(5), reference.build(5))
'''
SHOWN = '''
    @pytest.mark.points(1, function="build")
    def test_shown(learner):
        """It has one output."""
        assert learner.build().output_shape == (None, 1)
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root: Path = tmp_path_factory.mktemp("course")
    return write_exercise(root, FUNCTIONS, SOLUTION, SHOWN, TESTS)


def result(course: Course, layers: str, compiling: str = "'adam', 'mse'") -> TestResult:
    source = f"""
    import keras, tensorflow as tf
    from keras import layers as L
    def mse(y, p):
        return tf.reduce_mean((y - p) ** 2, axis=-1)
    def build(units=3):
        model = keras.Sequential([keras.Input((4, 1)), {layers}])
        model.compile({compiling})
        return model
    """
    return by_id(judged(course, source))["test_it"]


@pytest.mark.parametrize(
    ("layers", "compiling"),
    [
        ("L.LSTM(units, activation=tf.nn.tanh), L.Dense(1)", "'adam', mse"),
        pytest.param(
            "L.LSTM(units, return_sequences=True), L.Lambda(lambda x: x[:, -1]), L.Dense(1)",
            "'adam', lambda y, p: (y - p) ** 2",
            marks=pytest.mark.exhaustive,
        ),
    ],
)
def test_behavior_decides_and_not_syntax(course: Course, layers: str, compiling: str) -> None:
    got = result(course, layers, compiling)
    assert (got.outcome, got.message) == (Outcome.PASSED, "")


@pytest.mark.exhaustive
def test_the_first_difference_is_the_message(course: Course) -> None:
    got = result(course, "L.LSTM(units, dropout=0.1), L.Dense(1)")
    assert got.outcome is Outcome.FAILED
    assert got.message == "The LSTM layer sets dropout, but the contract asks for Keras's default."


def test_a_model_that_cannot_be_identified_is_left_to_the_instructor(course: Course) -> None:
    got = result(course, "L.RNN(L.LSTMCell(units)), L.Dense(1)")
    assert (got.outcome, got.score, got.points) == (Outcome.NOT_JUDGED, 0, 2)
    assert got.message.startswith("Not judged: the model cannot be compared because it contains a layer")
    assert got.message.endswith("It may be right, and your instructor decides.")
