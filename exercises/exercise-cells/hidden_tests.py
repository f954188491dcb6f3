"""Hidden tests, which only the judge reads. Inputs come from its seed, and messages never reveal them."""

import numpy as np
import pytest

from grader.testing import (
    Contract,
    Domain,
    Result,
    assert_allclose,
    assert_shape,
    check_refusals,
    check_results,
)

# what keras_outputs.py prints: states of Keras's layers for inputs and weights from `waves`
SIMPLE_RNN = """
    -0.743232 0.336513 -0.284344 -0.627659 -0.766391 0.093912 -0.734824 -0.813815 -0.514844 -0.015640
    -0.946197 -0.772529 -0.080777 0.053721 -0.964025 -0.810690 0.143188 0.079389 -0.979728 -0.772487"""
LSTM = """
    -0.005827 -0.235578 0.059536 -0.085746 0.006437 -0.397883 0.036619 -0.099738 -0.034511 -0.526100
    0.030386 0.002542 -0.114305 -0.444260 -0.009329 -0.052585 -0.237662 -0.568930 -0.023018 -0.053238"""
GRU = """
    0.948494 -0.084214 -0.420716 -0.190868 0.895508 0.431617 -0.587042 0.253996 0.878362 0.280981
    -0.540939 -0.229061 0.778330 0.390556 -0.467770 0.067744 0.715859 0.036442 -0.088180 -0.328085"""


def waves(shape, start):
    """Return an array of sines that fit no pattern of rows and columns."""
    return np.sin(np.arange(start, start + np.prod(shape), dtype=np.float64)).reshape(shape)


def check_with_keras(call, columns, bias, states, numbers, layer):
    """Run five steps on two sequences from zeros, and compare h with Keras's numbers."""
    X, expected = waves((2, 5, 3), 10), np.array(numbers.split(), dtype=float).reshape(2, 5, 2)
    weights = waves((3, columns), 1), waves((2, columns), 100), waves(bias, 200)
    state = (np.zeros((2, 2)),) * states
    for t in range(5):
        returned = call(X[:, t], *state, *weights)
        state = returned if states > 1 else (returned,)
        assert_shape(state[0], (2, 2), "The shape of the new state is not (B, U)")
        message = f"The states differ from those of keras.layers.{layer} with the same weights"
        assert_allclose(state[0], expected[:, t], message, atol=1e-5)


def cell(function, blocks, results, bias, wrong_biases, **more):
    """Return the contract of a cell whose weights have this number of blocks.

    `bias` draws b for a number of columns, and `more` are further states.
    """
    return Contract(
        function,
        {
            "x": Domain(
                lambda rng: rng.normal(size=rng.integers(2, 6, size=2)),
                edges={
                    "a single sequence": lambda x: x[:1],
                    "a single feature": lambda x: x[:, :1],
                    "inputs of zero": lambda x: np.zeros_like(x),
                },
                excluded={
                    "x of shape (D,)": lambda x: x[0],
                    "x with too few features": lambda x: x[:, 1:],
                },
            ),
            "h": Domain(
                lambda rng, x, Wh: rng.uniform(-1, 1, size=(len(x), len(Wh))),
                edges={"a state of zeros": lambda h: np.zeros_like(h)},
                excluded={
                    "h of shape (U,)": lambda h: h[0],
                    "h with a single row": lambda h: h[:1],
                    "h with too few units": lambda h: h[:, 1:],
                },
            ),
            **more,
            "Wx": Domain(
                lambda rng, x, Wh: rng.normal(size=(x.shape[1], Wh.shape[1])),
                excluded={
                    "Wx with a single column": lambda Wx: Wx[:, :1],
                    "Wx with too few rows": lambda Wx: Wx[1:],
                },
            ),
            "Wh": Domain(
                lambda rng: recurrent(rng, int(rng.integers(2, 6)), blocks),
                edges={"a single unit": lambda rng: recurrent(rng, 1, blocks)},
                excluded={
                    "Wh with a single column": lambda Wh: Wh[:, :1],
                    "Wh with too few rows": lambda Wh: Wh[1:],
                },
            ),
            "b": Domain(
                lambda rng, Wh: bias(rng, Wh.shape[1]),
                edges={"biases of zero": lambda b: np.zeros_like(b)},
                excluded=wrong_biases,
            ),
        },
        {
            name: Result(
                f"{name} is not what the formulas give", "(B, U)", dtype="float64", rtol=1e-5, atol=1e-6
            )
            for name in results
        },
    )


def recurrent(rng, units, blocks):
    return rng.normal(size=(units, blocks * units))


def one_bias(rng, columns):
    return rng.normal(size=columns)


def two_biases(rng, columns):
    return rng.normal(size=(2, columns))


WRONG_BIASES = {
    "a single bias": lambda b: b[:1],
    "b with an additional axis": lambda b: b[np.newaxis],
    "b with a row per sequence": lambda rng, x, b: rng.normal(size=(len(x), len(b))),
}
WRONG_PAIRS = {
    "b with a single axis": lambda b: b[0],
    "b with a single row": lambda b: b[:1],
    "b with three rows": lambda rng, b: rng.normal(size=(3, b.shape[1])),
}


# --- rnn_step: 2.5 points ---

RNN_STEP = cell("rnn_step", 1, ["h_next"], one_bias, WRONG_BIASES)


@pytest.mark.points(1, function="rnn_step")
def test_five_steps_of_keras_simple_rnn(learner):
    """Over five steps, the states are those of Keras's SimpleRNN."""
    check_with_keras(learner.rnn_step, 2, (2,), 1, SIMPLE_RNN, "SimpleRNN")


@pytest.mark.points(1, function="rnn_step")
def test_simple_rnn_of_any_size(learner, reference, rng):
    """Any number of sequences, features and units gives the right state, and no argument is modified."""
    check_results(RNN_STEP, learner, reference, rng)


@pytest.mark.points(0.5, function="rnn_step")
def test_shapes_that_do_not_fit_a_simple_rnn(learner, reference, rng):
    """Arguments of other shapes raise ValueError, even if numpy could compute with them."""
    check_refusals(RNN_STEP, learner, reference, rng)


# --- lstm_step: 4 points ---

LSTM_STEP = cell(
    "lstm_step",
    4,
    ["h_next", "c_next"],
    one_bias,
    WRONG_BIASES,
    c=Domain(
        lambda rng, h: 2 * rng.normal(size=h.shape),
        edges={"a cell state of zeros": lambda c: np.zeros_like(c)},
        excluded={
            "c of shape (U,)": lambda c: c[0],
            "c with a single row": lambda c: c[:1],
            "c with too few units": lambda c: c[:, 1:],
        },
    ),
)


@pytest.mark.points(1, function="lstm_step")
def test_five_steps_of_keras_lstm(learner):
    """Over five steps, the states h are those of Keras's LSTM."""
    check_with_keras(learner.lstm_step, 8, (8,), 2, LSTM, "LSTM")


@pytest.mark.points(1, function="lstm_step")
def test_lstm_of_any_size(learner, reference, rng):
    """Any number of sequences, features and units gives the right states, and no argument is modified."""
    check_results(LSTM_STEP, learner, reference, rng)


def drawn(rng, blocks):
    """Return x, h, Wx and Wh of random sizes, and the number of units."""
    n, features, units = (int(size) for size in rng.integers(2, 6, size=3))
    x, h = rng.normal(size=(n, features)), rng.uniform(-1, 1, size=(n, units))
    return x, h, rng.normal(size=(features, blocks * units)), recurrent(rng, units, blocks), units


@pytest.mark.points(0.5, function="lstm_step")
def test_the_gates_keep_or_replace_the_cell_state(learner, rng):
    """An open forget gate alone keeps the cell state; an open input gate alone replaces it."""
    x, h, Wx, Wh, units = drawn(rng, 4)
    c, b = rng.normal(size=h.shape), np.repeat([-200.0, 200, 0, 0], units)
    c_next = learner.lstm_step(x, h, c, Wx, Wh, b)[1]
    message = "The cell state changes although the forget gate is 1 and the input gate is 0"
    assert_allclose(c_next, c, message, rtol=1e-5, atol=1e-6)
    candidate = np.tanh((x @ Wx + h @ Wh)[:, 2 * units : 3 * units])
    c_next = learner.lstm_step(x, h, c, Wx, Wh, -b)[1]
    message = "With the forget gate at 0 and the input gate at 1, the cell state is not the candidate"
    assert_allclose(c_next, candidate, message, rtol=1e-5, atol=1e-6)


@pytest.mark.points(0.5, function="lstm_step")
def test_the_output_is_limited(learner, reference, rng):
    """If the output gate is 1, h is the tanh of the new cell state, also of a large one."""
    x, h, Wx, Wh, units = drawn(rng, 4)
    given = x, h, 4 * rng.normal(size=h.shape), Wx, Wh, np.repeat([0.0, 2, 0, 200], units)
    expected = np.tanh(reference.lstm_step(*given)[1])
    message = "With an open output gate, h_next is not the tanh of the new cell state"
    assert_allclose(learner.lstm_step(*given)[0], expected, message, rtol=1e-5, atol=1e-6)


@pytest.mark.points(0.5, function="lstm_step")
def test_large_numbers_in_an_lstm(learner, reference, rng):
    """Inputs of ±1000 give the right states, without a warning."""
    x, h, Wx, Wh, units = drawn(rng, 4)
    given = 1000 * np.sign(x), h, rng.normal(size=h.shape), Wx, Wh, rng.normal(size=4 * units)
    expected = reference.lstm_step(*given)
    for got, right, name in zip(learner.lstm_step(*given), expected, ("h_next", "c_next"), strict=True):
        message = f"{name} is not what the formulas give for large inputs"
        assert_allclose(got, right, message, rtol=1e-5, atol=1e-6)
    learner.assert_no_warning()


@pytest.mark.points(0.5, function="lstm_step")
def test_shapes_that_do_not_fit_an_lstm(learner, reference, rng):
    """Arguments of other shapes raise ValueError, even if numpy could compute with them."""
    check_refusals(LSTM_STEP, learner, reference, rng)


# --- gru_step: 3.25 points ---

GRU_STEP = cell("gru_step", 3, ["h_next"], two_biases, WRONG_PAIRS)


@pytest.mark.points(1, function="gru_step")
def test_five_steps_of_keras_gru(learner):
    """Over five steps, the states are those of Keras's GRU."""
    check_with_keras(learner.gru_step, 6, (2, 6), 1, GRU, "GRU")


@pytest.mark.points(0.75, function="gru_step")
def test_gru_of_any_size(learner, reference, rng):
    """Any number of sequences, features and units gives the right state, and no argument is modified."""
    check_results(GRU_STEP, learner, reference, rng)


@pytest.mark.points(0.5, function="gru_step")
def test_the_update_gate_keeps_or_replaces(learner, rng):
    """An update gate of 1 keeps the state. With both gates at 0, the candidate of x alone replaces it."""
    x, h, Wx, Wh, units = drawn(rng, 3)
    b = np.stack([np.repeat([200.0, 0, 0], units), np.zeros(3 * units)])
    message = "The state changes although the update gate is 1"
    assert_allclose(learner.gru_step(x, h, Wx, Wh, b), h, message, rtol=1e-5, atol=1e-6)
    b = np.stack([np.repeat([-200.0, -200, 0], units), np.zeros(3 * units)])  # the reset gate is 0, too
    got = learner.gru_step(x, h, Wx, Wh, b)
    message = "With both gates at 0, the new state is not the candidate of x alone"
    assert_allclose(got, np.tanh(x @ Wx[:, 2 * units :]), message, rtol=1e-5, atol=1e-6)


@pytest.mark.points(0.5, function="gru_step")
def test_large_numbers_in_a_gru(learner, reference, rng):
    """Inputs of ±1000 give the right state, without a warning."""
    x, h, Wx, Wh, units = drawn(rng, 3)
    given = 1000 * np.sign(x), h, Wx, Wh, rng.normal(size=(2, 3 * units))
    message = "h_next is not what the formulas give for large inputs"
    assert_allclose(learner.gru_step(*given), reference.gru_step(*given), message, rtol=1e-5, atol=1e-6)
    learner.assert_no_warning()


@pytest.mark.points(0.5, function="gru_step")
def test_shapes_that_do_not_fit_a_gru(learner, reference, rng):
    """Arguments of other shapes raise ValueError, even if numpy could compute with them."""
    check_refusals(GRU_STEP, learner, reference, rng)


# --- run_layer: 1.5 points ---


def one_state(x, h, W, decay):
    return decay * h + x @ W


def two_states(x, h, c, W, decay):
    c = decay * c + x @ W
    return 0.5 * h - c, c


def layer(step, **more):
    """Return the contract of run_layer for one of the steps above. `more` are further states."""
    return Contract(
        "run_layer",
        {
            "step": Domain(lambda: step),
            "X": Domain(
                lambda rng: rng.normal(size=rng.permutation([2, 3, 4, 5])[:3]),
                edges={
                    "a single sequence": lambda X: X[:1],
                    "a single step": lambda X: X[:, :1],
                    "a single feature": lambda X: X[:, :, :1],
                },
                excluded={
                    "X with two axes": lambda X: X[:, 0],
                    "X with four axes": lambda X: np.repeat(X[:, :, np.newaxis], len(X), axis=2),
                },
            ),
            "h0": Domain(
                lambda rng, X: rng.normal(size=(len(X), int(rng.integers(2, 5)))),
                edges={"a state of zeros": lambda h0: np.zeros_like(h0)},
                excluded={"h0 with a single row": lambda h0: h0[:1]},
            ),
            "weights": Domain(
                lambda rng, X, h0: (
                    rng.normal(size=(X.shape[2], h0.shape[1])),
                    rng.uniform(0.3, 0.9, size=h0.shape[1]),
                )
            ),
            **more,
        },
        {
            "H": Result(
                "The states are not those that the steps give", "(B, T, U)", "float64", rtol=1e-5, atol=1e-6
            )
        },
    )


ONE_STATE = layer(one_state)
TWO_STATES = layer(
    two_states,
    c0=Domain(
        lambda rng, h0: rng.normal(size=h0.shape),
        excluded={"c0 with a single row": lambda c0: c0[:1]},
    ),
)


@pytest.mark.points(0.5, function="run_layer")
def test_states_after_every_step(learner, reference, rng):
    """The result contains the state after each step, for any number of sequences, steps and features."""
    check_results(ONE_STATE, learner, reference, rng)


@pytest.mark.points(0.5, function="run_layer")
def test_states_with_a_cell_state(learner, reference, rng):
    """With c0, both states go from step to step, and the result contains the states h."""
    check_results(TWO_STATES, learner, reference, rng)


@pytest.mark.points(0.25, function="run_layer")
def test_each_step_is_run_once(learner, rng):
    """The step is called once per time step, in their order."""
    X, seen = rng.normal(size=(3, 5, 2)), []

    def step(x, h, W):
        seen.append(x)
        return h + x @ W

    learner.run_layer(step, X, np.zeros((3, 4)), (rng.normal(size=(2, 4)),))
    assert len(seen) == 5, "The step should be called once per time step"
    for t, x in enumerate(seen):
        assert_shape(x, (3, 2), "x should have the shape (B, D) at every step")
        assert_allclose(x, X[:, t], "The step does not receive the inputs of all sequences in order of time")


@pytest.mark.points(0.25, function="run_layer")
def test_sequences_without_a_fitting_state(learner, reference, rng):
    """An X without three axes and a first state with a different number of rows raise ValueError."""
    check_refusals(ONE_STATE, learner, reference, rng)
    check_refusals(TWO_STATES, learner, reference, rng)
