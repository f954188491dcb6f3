"""Visible tests, which learners can read. The hidden tests use other inputs and check a few more things."""

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_array_equal, assert_shape

TIMES = np.linspace(0, 10, 100)
SINE = np.sin(TIMES)


@pytest.mark.points(0.5, function="create_sequences")
def test_counting_numbers(learner):
    """For the numbers 0 to 99, the first window is 0 to 9 and its target is 10."""
    X, y = learner.create_sequences(np.arange(100), 10)
    assert_shape(X, (90, 10, 1), "X should have shape (90, 10, 1)")
    assert_shape(y, (90,), "y should have shape (90,)")
    assert_array_equal(X[0, :, 0], np.arange(10), "The first window should be 0 to 9")
    assert_array_equal(X[-1, :, 0], np.arange(89, 99), "The last window should be 89 to 98")
    assert_array_equal(y[[0, -1]], [10, 99], "The first target should be 10 and the last 99")


@pytest.mark.points(0.5, function="create_sequences")
def test_sine_windows(learner):
    """100 points of a sine wave give 90 windows."""
    X, y = learner.create_sequences(SINE, 10)
    assert_shape(X, (90, 10, 1), "X should have shape (90, 10, 1)")
    assert_allclose(y, SINE[10:], "The targets should be the points of the sine wave from the 11th on")


@pytest.mark.points(0.5, function="split_train_test")
def test_72_and_18(learner):
    """90 windows are split into 72 and 18."""
    X = np.arange(900.0).reshape(90, 10, 1)
    X_train, X_test, y_train, y_test = learner.split_train_test(X, np.arange(90.0))
    assert (len(X_train), len(X_test)) == (72, 18), "X should be split into 72 and 18 windows"
    assert_array_equal(y_train, np.arange(72), "The first 72 targets should be for training")
    assert_array_equal(y_test, np.arange(72, 90), "The last 18 targets should be for testing")


@pytest.mark.points(0.5, function="persistence_mse")
def test_baseline_of_the_sine(learner):
    """On the last 18 windows of the sine wave, the baseline scores 0.00724."""
    X = np.stack([SINE[i : i + 10] for i in range(72, 90)])[..., np.newaxis]
    assert_allclose(
        learner.persistence_mse(X, SINE[82:]), 0.00724, "The MSE should be about 0.00724", rtol=1e-3
    )


@pytest.mark.points(0.5, function="forecast")
def test_doubling(learner):
    """A predictor that doubles the latest value continues 1, 2, 4 with 8, 16, 32."""

    def predict(x, **_):
        return np.array([[2.0 * np.ravel(x)[-1]]])

    values = learner.forecast(predict, np.array([1.0, 2.0, 4.0]), 3)
    assert_array_equal(values, [8, 16, 32], "The forecast should be 8, 16, 32")


@pytest.mark.points(0.5, function="plot_forecast")
def test_a_picture(learner):
    """The figure shows three lines, each with a label."""
    figure = learner.plot_forecast(TIMES, SINE, 10, SINE[10:82], SINE[82:])
    labels = [line.label for axes in figure.axes for line in axes.lines if line.label]
    assert len(labels) == 3, f"The figure should have 3 lines with a label, but it has {len(labels)}"


@pytest.mark.points(0.5, function="build_lstm_model")
def test_model_size(learner):
    """For windows of length 10, the model has 10,451 parameters and one output."""
    model = learner.build_lstm_model(10)
    assert model.output_shape == (None, 1), f"The output shape is {model.output_shape}, not (None, 1)"
    assert model.count_params() == 10_451, f"The model has {model.count_params():,} parameters, not 10,451"
