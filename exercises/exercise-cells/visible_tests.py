"""Visible tests, which learners can read. The hidden tests use other inputs and check a few more things."""

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_shape

PULSE = np.array([1.0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])  # one input per step


def waves(shape, start):
    """Return an array of sines that fit no pattern of rows and columns."""
    return np.sin(np.arange(start, start + np.prod(shape), dtype=np.float64)).reshape(shape)


@pytest.mark.points(0.25, function="rnn_step")
def test_example_of_the_lesson(learner):
    """With the weights 1 and 0.5, an input of 1 and then zeros give the states 0.762, 0.363, and so on."""
    h, states = np.zeros((1, 1)), []
    for x in PULSE[:6]:
        h = learner.rnn_step(np.array([[x]]), h, np.array([[1.0]]), np.array([[0.5]]), np.zeros(1))
        assert_shape(h, (1, 1), "The state should have shape (1, 1)")
        states.append(h[0, 0])
    learner.plot("A simple RNN after a pulse", {"h": (np.arange(6), states)}, xlabel="step")
    expected = [0.761594, 0.363401, 0.179727, 0.089623, 0.044782, 0.022387]
    assert_allclose(states, expected, "The states should be 0.762, 0.363, 0.180, and so on", rtol=1e-4)


@pytest.mark.points(0.25, function="rnn_step")
def test_one_step_of_keras_simple_rnn(learner):
    """One step gives the state that Keras's SimpleRNN returns for the same weights."""
    h = learner.rnn_step(
        waves((1, 3), 10), waves((1, 2), 20), waves((3, 2), 1), waves((2, 2), 100), waves((2,), 200)
    )
    assert_shape(h, (1, 2), "The state should have shape (1, 2)")
    assert_allclose(h, [[-0.528180, 0.857562]], "Keras's SimpleRNN returns a different state", atol=1e-5)


@pytest.mark.points(0.5, function="lstm_step")
def test_one_step_of_keras_lstm(learner):
    """One step gives the state h that Keras's LSTM returns for the same weights."""
    h, c = learner.lstm_step(
        *(waves((1, 3), 10), waves((1, 2), 20), waves((1, 2), 30)),
        *(waves((3, 8), 1), waves((2, 8), 100), waves((8,), 200)),
    )
    assert_shape(h, (1, 2), "h should have shape (1, 2)")
    assert_shape(c, (1, 2), "c should have shape (1, 2)")
    assert_allclose(h, [[-0.145007, -0.566477]], "Keras's LSTM returns a different h", atol=1e-5)


@pytest.mark.points(0.5, function="lstm_step")
def test_the_cell_state_after_a_pulse(learner):
    """The input gate lets one input in, then the forget gate keeps 98% of the cell state at each step."""
    h = c = np.zeros((1, 1))
    shown = {"c": [], "h": []}
    Wx, b = np.array([[8.0, 0, 1, 0]]), np.array([-4.0, 4, 0, 0])
    for x in PULSE:
        h, c = learner.lstm_step(np.array([[x]]), h, c, Wx, np.zeros((1, 4)), b)
        assert_shape(c, (1, 1), "c should have shape (1, 1)")
        for name, state in (("h", h), ("c", c)):
            shown[name].append(np.ravel(state)[0])
    lines = {name: (np.arange(len(PULSE)), states) for name, states in shown.items()}
    learner.plot("An LSTM after a pulse", lines, xlabel="step")
    ends = [shown["c"][0], shown["c"][-1]]
    assert_allclose(ends, [0.747896, 0.612484], "c should be 0.748 at first, 0.612 at the end", rtol=1e-4)
    ends = [shown["h"][0], shown["h"][-1]]
    assert_allclose(ends, [0.316949, 0.272956], "h should be 0.317 at first, 0.273 at the end", rtol=1e-4)


@pytest.mark.points(0.5, function="gru_step")
def test_one_step_of_keras_gru(learner):
    """One step gives the state that Keras's GRU returns for the same weights."""
    h = learner.gru_step(
        waves((1, 3), 10), waves((1, 2), 20), waves((3, 6), 1), waves((2, 6), 100), waves((2, 6), 200)
    )
    assert_shape(h, (1, 2), "The state should have shape (1, 2)")
    assert_allclose(h, [[0.981490, -0.693823]], "Keras's GRU returns a different state", atol=1e-5)


@pytest.mark.points(0.25, function="gru_step")
def test_the_state_of_a_gru_after_a_pulse(learner):
    """The update gate lets one input in, and then it keeps 98% of the state at each step."""
    h, states = np.zeros((1, 1)), []
    Wx, b = np.array([[-8.0, 0, 1]]), np.array([[4.0, 0, 0], [0, 0, 0]])
    for x in PULSE:
        h = learner.gru_step(np.array([[x]]), h, Wx, np.zeros((1, 3)), b)
        assert_shape(h, (1, 1), "The state should have shape (1, 1)")
        states.append(h[0, 0])
    learner.plot("A GRU after a pulse", {"h": (np.arange(len(PULSE)), states)}, xlabel="step")
    ends = [states[0], states[-1]]
    assert_allclose(ends, [0.747896, 0.612484], "h should be 0.748 at first, 0.612 at the end", rtol=1e-4)


@pytest.mark.points(0.25, function="run_layer")
def test_running_totals(learner):
    """Two units add up 1, 2, 3, 4, the second one with the factor 10: 1, 3, 6, 10 and 10, 30, 60, 100."""
    X = np.array([[[1.0], [2.0], [3.0], [4.0]]])

    def step(x, h, factors):
        return h + x * factors

    H = learner.run_layer(step, X, np.zeros((1, 2)), (np.array([1.0, 10.0]),))
    assert_shape(H, (1, 4, 2), "The result should have shape (1, 4, 2)")
    assert_allclose(H[0, :, 0], [1, 3, 6, 10], "The states of the first unit should be 1, 3, 6, 10")
    assert_allclose(H[0, :, 1], [10, 30, 60, 100], "The states of the second unit should be 10, 30, 60, 100")


@pytest.mark.points(0.25, function="run_layer")
def test_a_second_state(learner):
    """With a step that counts in c and returns x + c as h, 5, 5, 5 become 6, 7, 8."""

    def step(x, h, c):
        return x + c + 1, c + 1

    H = learner.run_layer(step, np.full((1, 3, 1), 5.0), np.zeros((1, 1)), (), c0=np.zeros((1, 1)))
    assert_shape(H, (1, 3, 1), "The result should have shape (1, 3, 1)")
    assert_allclose(H[0, :, 0], [6, 7, 8], "The states h should be 6, 7, 8")
