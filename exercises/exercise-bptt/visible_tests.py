"""Visible tests, which learners can read. The hidden tests use other inputs and check a few more things."""

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_shape

KEYS = {"Wx", "Wh", "b", "x"}


@pytest.mark.points(0.5, function="rnn_forward")
def test_the_lessons_example(learner):
    """With one unit, Wx = 1, Wh = 0.5 and the inputs 1 and 0, the states are 0.762 and 0.363."""
    X, Wx, Wh = np.array([[1.0], [0.0]]), np.array([[1.0]]), np.array([[0.5]])
    H = learner.rnn_forward(X, Wx, Wh, np.zeros(1))
    assert_shape(H, (3, 1), "H should have one row for the state before the first step, and one per step")
    assert_allclose(H[0], [0], "The state before the first step should be 0")
    assert_allclose(H[1:, 0], [0.7616, 0.3634], "The states should be 0.762 and 0.363", rtol=1e-3)


@pytest.mark.points(0.5, function="rnn_backward")
def test_one_step_back(learner):
    """With a single step, the error passes the slope of tanh once."""
    X, H = np.array([[2.0]]), np.array([[0.25], [0.5]])  # a state of 0.5 has a slope of 0.75
    grads = learner.rnn_backward(X, H, np.array([[3.0]]), np.array([[4.0]]), np.array([1.0]))
    assert set(grads) == KEYS, 'The keys should be "Wx", "Wh", "b" and "x"'
    assert_allclose(grads["b"], [0.75], "The gradient of b should be the slope, 0.75")
    assert_allclose(grads["Wx"], [[1.5]], "The gradient of Wx should be the input times the slope")
    assert_allclose(grads["Wh"], [[0.1875]], "The gradient of Wh should be the state before times the slope")
    assert_allclose(grads["x"], [[2.25]], "The gradient of the input should be Wx times the slope")


@pytest.mark.points(0.5, function="rnn_backward")
def test_two_steps_back(learner):
    """With two steps, each gradient of a weight has two contributions."""
    X, H = np.array([[2.0], [4.0]]), np.array([[0.25], [0.5], [0.5]])
    grads = learner.rnn_backward(X, H, np.array([[3.0]]), np.array([[2.0]]), np.array([1.0]))
    assert set(grads) == KEYS, 'The keys should be "Wx", "Wh", "b" and "x"'
    # the error before tanh is 0.75 at step 2, and 0.75 * 2 * 0.75 = 1.125 at step 1
    assert_allclose(grads["b"], [1.875], "The gradient of b should be 0.75 + 1.125")
    assert_allclose(grads["Wx"], [[5.25]], "The gradient of Wx should be 4 * 0.75 + 2 * 1.125")
    assert_allclose(grads["Wh"], [[0.65625]], "The gradient of Wh should be 0.5 * 0.75 + 0.25 * 1.125")
    assert_allclose(grads["x"], [[3.375], [2.25]], "The gradients of the inputs should be 3.375 and 2.25")


@pytest.mark.points(0.25, function="gradient_norms")
def test_halved_at_each_step(learner):
    """If Wh halves the error at each step and tanh has a slope of 1, the norms are 0.625, 1.25, 2.5 and 5."""
    Wh, dh_T = np.diag([0.5, 0.5, 2]), np.array([3.0, -4.0, 0.0])  # there is no error that Wh could double
    norms = learner.gradient_norms(Wh, np.zeros((4, 3)), dh_T)
    assert_allclose(norms, [0.625, 1.25, 2.5, 5], "The norms should be 0.625, 1.25, 2.5 and 5")


@pytest.mark.points(0.25, function="gradient_norms")
def test_gradient_against_lag(learner):
    """For factors of 0.1, 0.9 and 1.1 and for an open gate of 0.99, the gradient is a power of the factor."""
    lags, flat, dh_T = np.arange(51), np.zeros((51, 4)), np.array([0.5, 0.5, -0.5, 0.5])
    networks = {"factor 0.1": 0.1, "factor 0.9": 0.9, "factor 1.1": 1.1, "open gate, 0.99": 0.99}
    found = {label: learner.gradient_norms(f * np.eye(4), flat, dh_T)[::-1] for label, f in networks.items()}
    seen = {label: np.where(norms > 1e-6, norms, np.nan) for label, norms in found.items()}
    lines = {label: (lags, np.log10(norms)) for label, norms in seen.items()}
    learner.plot("Gradient against lag", lines, "lag", "gradient, as a power of 10")
    for label, factor in networks.items():
        message = f"At lag n, the norm should be {factor} to the power n"
        assert_allclose(found[label], factor**lags, message)


@pytest.mark.points(0.5, function="clip_by_global_norm")
def test_three_four_twelve(learner):
    """[3, 4] and [12] have the common norm 13. With a limit of 1, all three are divided by 13."""
    clipped, norm = learner.clip_by_global_norm([np.array([3.0, 4.0]), np.array([12.0])], 1.0)
    assert_allclose(norm, 13, "The norm should be 13")
    assert len(clipped) == 2, "There should be two arrays, as in the argument"
    assert_allclose(clipped[0], [3 / 13, 4 / 13], "[3, 4] should become [0.231, 0.308]")
    assert_allclose(clipped[1], [12 / 13], "[12] should become [0.923]")


@pytest.mark.points(0.25, function="truncated")
def test_only_the_last_step(learner):
    """With k = 1, only the last of two steps contributes."""
    X, H = np.array([[2.0], [4.0]]), np.array([[0.25], [0.5], [0.5]])
    grads = learner.truncated(X, H, np.array([[3.0]]), np.array([[2.0]]), np.array([1.0]), 1)
    assert set(grads) == KEYS, 'The keys should be "Wx", "Wh", "b" and "x"'
    assert_allclose(grads["Wx"], [[3.0]], "The gradient of Wx should be 4 * 0.75")
    assert_allclose(grads["Wh"], [[0.375]], "The gradient of Wh should be 0.5 * 0.75")
    assert_allclose(grads["b"], [0.75], "The gradient of b should be 0.75")
    assert_allclose(grads["x"], [[0.0], [2.25]], "The gradients of the inputs should be 0 and 2.25")
