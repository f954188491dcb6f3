"""Hidden tests, which only the judge reads. Inputs come from its seed, and messages never reveal them."""

from typing import NamedTuple

import numpy as np
import pytest

from grader.testing import (
    Contract,
    Domain,
    Mismatch,
    Result,
    assert_allclose,
    assert_shape,
    check_refusals,
    check_results,
)

PRECISION = 1e-6  # of finite differences, with a wide margin: they are good to 1e-9
STEP = 1e-5


class Network(NamedTuple):
    """A small RNN, a sequence, and the direction in which the loss measures the last state."""

    X: np.ndarray
    Wx: np.ndarray
    Wh: np.ndarray
    b: np.ndarray
    first: np.ndarray  # the state before the first step
    dh_T: np.ndarray


def network(rng, steps, features, units):
    """Return a network whose gradients neither vanish nor explode."""
    return Network(
        X=rng.normal(size=(steps, features)),
        Wx=0.4 * rng.normal(size=(features, units)),
        Wh=rng.normal(size=(units, units)) / np.sqrt(units),
        b=0.3 * rng.normal(size=units),
        first=rng.uniform(-0.8, 0.8, size=units),
        dh_T=rng.normal(size=units),
    )


def states(net):
    """Return all states (T + 1, U)."""
    rows = [net.first]
    for x in net.X:
        rows.append(np.tanh(x @ net.Wx + rows[-1] @ net.Wh + net.b))
    return np.array(rows)


def slopes(net, name):
    """Return the gradient of the loss for one array of the network, by central differences."""
    array = getattr(net, name)
    found = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = array.copy()
            moved[place] += step
            ends.append(states(net._replace(**{name: moved}))[-1] @ net.dh_T)
        found[place] = (ends[0] - ends[1]) / (2 * STEP)
    return found


def assert_slopes(got, expected, message):
    assert_allclose(got, expected, message, rtol=PRECISION, atol=PRECISION * np.abs(expected).max())


# --- rnn_forward: 2 points ---


@pytest.mark.points(0.75, function="rnn_forward")
def test_each_state_follows_from_the_one_before(learner, rng):
    """Each state is computed from its input and the state before; the first row is zero."""
    net = network(rng, int(rng.integers(5, 9)), 3, 4)._replace(first=np.zeros(4))
    H = learner.rnn_forward(net.X, net.Wx, net.Wh, net.b)
    assert_shape(H, (len(net.X) + 1, 4), "The shape of H is not (T + 1, U)")
    assert not H[0].any(), "Row 0 of H is not the zero state before the first step"
    expected = states(net)
    assert_allclose(H[1], expected[1], "The state after the first step is wrong", atol=1e-12)
    still = learner.rnn_forward(0 * net.X, net.Wx, 0 * net.Wh, net.b)[1:]
    message = "With inputs and recurrent weights of zero, each state after a step should be tanh(b)"
    assert_allclose(still, np.tile(np.tanh(net.b), (len(net.X), 1)), message, atol=1e-12)
    assert_allclose(H, expected, "A later state does not follow from its input and the state before it")


INPUTS = {
    "a single step": lambda X: X[:1],
    "a single feature": lambda X: X[:, :1],
    "a long sequence": lambda rng: rng.normal(size=(60, 3)),
    "inputs that are whole numbers": lambda rng: rng.integers(-3, 4, size=(6, 4)),
}
X = Domain(lambda rng: rng.normal(size=(int(rng.integers(4, 9)), int(rng.integers(2, 6)))), edges=INPUTS)
WX = Domain(lambda rng, X, Wh: 0.5 * rng.normal(size=(X.shape[1], len(Wh))))
WH = Domain(
    lambda rng: rng.normal(size=(units := int(rng.integers(2, 6)), units)) / np.sqrt(units),
    edges={
        "a single unit": lambda Wh: Wh[:1, :1],
        "as many units as features": lambda rng, X: rng.normal(size=(X.shape[1], X.shape[1])) / 2,
        "more units than features": lambda rng, X: rng.normal(size=(9, 9)) / 3,
    },
)

RNN_FORWARD = Contract(
    "rnn_forward",
    {
        "X": Domain(
            X.usual,
            edges={**INPUTS, "large inputs": lambda X: 40 * X, "inputs that are all zero": lambda X: 0 * X},
        ),
        "Wx": WX,
        "Wh": WH,
        "b": Domain(
            lambda rng, Wh: rng.normal(size=len(Wh)),
            edges={"a bias of zero": lambda Wh: np.zeros(len(Wh))},
        ),
    },
    {"H": Result("H does not contain the states, one per row", "(T + 1, U)", "float64", atol=1e-12)},
)


@pytest.mark.points(0.75, function="rnn_forward")
def test_every_sequence(learner, reference, rng):
    """Sequences and networks of any size give one row per state, and the arguments are not modified."""
    check_results(RNN_FORWARD, learner, reference, rng)


# --- rnn_backward: 4 points ---


def gradients(learner, net):
    grads = learner.rnn_backward(net.X, states(net), net.Wx, net.Wh, net.dh_T)
    if set(grads) != {"Wx", "Wh", "b", "x"}:
        raise Mismatch('The keys are not exactly "Wx", "Wh", "b" and "x"')
    return grads


@pytest.mark.points(1.25, function="rnn_backward")
def test_gradients_of_the_weights(learner, rng):
    """The gradients of the weights are those that finite differences of the loss give."""
    net = network(rng, int(rng.integers(5, 8)), 3, 4)
    grads = gradients(learner, net)
    for name, message in (
        ("b", "The gradient of b differs from finite differences of the loss"),
        ("Wx", "The gradient of Wx differs from finite differences of the loss"),
        ("Wh", "The gradient of Wh differs from finite differences of the loss"),
    ):
        assert_slopes(grads[name], slopes(net, name), message)


@pytest.mark.points(0.75, function="rnn_backward")
def test_gradients_of_the_inputs(learner, rng):
    """The gradients of the inputs are those that finite differences give, from the first step to the last."""
    net = network(rng, int(rng.integers(5, 8)), 4, 3)
    got, expected = gradients(learner, net)["x"], slopes(net, "X")
    assert_shape(got, expected.shape, 'The shape of "x" is not (T, D)')
    assert_slopes(got[-1], expected[-1], "The gradient of the last input is wrong")
    assert_slopes(got, expected, "The gradient of an input before the last one is wrong")


STATES = Domain(
    lambda rng, X, Wh: rng.uniform(-0.9, 0.9, size=(len(X) + 1, len(Wh))),
    edges={
        "states that are all zero": lambda H: 0 * H,
        "saturated states": lambda H: np.sign(H),
    },
)
ERROR = Domain(
    lambda rng, Wh: rng.normal(size=len(Wh)),
    edges={
        "an error of zero": lambda Wh: np.zeros(len(Wh)),
        "an error that is whole numbers": lambda rng, Wh: rng.integers(1, 9, size=len(Wh)),
    },
)


def of_weight(name, shape):
    return Result(f"The gradient of {name} is wrong", shape, "float64", atol=1e-9)


GRADIENTS = {
    "grads": Result(
        "A gradient is wrong",
        parts={
            "Wx": of_weight("Wx", "(D, U)"),
            "Wh": of_weight("Wh", "(U, U)"),
            "b": of_weight("b", "(U,)"),
            "x": Result("The gradients of the inputs are wrong", "(T, D)", "float64", atol=1e-9),
        },
    )
}
RNN_BACKWARD = Contract("rnn_backward", {"X": X, "H": STATES, "Wx": WX, "Wh": WH, "dh_T": ERROR}, GRADIENTS)


@pytest.mark.points(1, function="rnn_backward")
def test_every_backward_pass(learner, reference, rng):
    """Sequences, networks and errors of any kind give gradients in the promised shapes."""
    check_results(RNN_BACKWARD, learner, reference, rng)


# --- gradient_norms: 3 points ---


@pytest.mark.points(0.75, function="gradient_norms")
def test_powers_of_the_factor(learner, rng):
    """If tanh has a slope of 1 and Wh only scales and turns, the norms are powers of the scale."""
    for factor in (0.1, 0.9, 1.1):
        steps, units = int(rng.integers(60, 101)), int(rng.integers(3, 7))
        turn = np.linalg.qr(rng.normal(size=(units, units)))[0]
        dh_T = rng.normal(size=units)
        norms = learner.gradient_norms(factor * turn, np.zeros((steps + 1, units)), dh_T)
        assert_shape(norms, (steps + 1,), "There should be one norm per state, T + 1 in all")
        expected = np.linalg.norm(dh_T) * factor ** np.arange(steps, -1.0, -1)
        assert_allclose(norms[-1], expected[-1], "The last norm should be the one of dh_T itself", rtol=1e-9)
        message = "The norms do not change by the factor of Wh from each state to the one before"
        assert_allclose(norms, expected, message, rtol=1e-9)


@pytest.mark.points(0.75, function="gradient_norms")
def test_norms_of_real_states(learner, rng):
    """In a network with tanh, the norms are those that finite differences of the loss give."""
    net = network(rng, int(rng.integers(5, 8)), 3, 4)
    H = states(net)
    norms = learner.gradient_norms(net.Wh, H, net.dh_T)
    assert_shape(norms, (len(H),), "There should be one norm per state, T + 1 in all")
    later = [net._replace(X=net.X[t:], first=H[t]) for t in range(len(H))]
    expected = np.array([np.linalg.norm(slopes(each, "first")) for each in later])
    message = "The norms are not those of the gradients that finite differences of the loss give"
    assert_slopes(norms, expected, message)


GRADIENT_NORMS = Contract(
    "gradient_norms",
    {
        "Wh": Domain(
            WH.usual,
            edges={
                "a single unit": lambda Wh: Wh[:1, :1],
                "Wh of zeros": lambda Wh: 0 * Wh,
                "a symmetric Wh": lambda Wh: Wh + Wh.T,
            },
        ),
        "H": Domain(
            lambda rng, Wh: rng.uniform(-0.9, 0.9, size=(int(rng.integers(5, 10)), len(Wh))),
            edges={
                "a single step": lambda H: H[:2],
                "states that are all zero": lambda H: 0 * H,
                "saturated states": lambda H: np.sign(H),
            },
        ),
        "dh_T": ERROR,
    },
    {
        "norms": Result(
            "The norms are not those of the gradients for the states", "(T + 1,)", "float64", atol=1e-12
        )
    },
)


@pytest.mark.points(1, function="gradient_norms")
def test_every_sequence_of_norms(learner, reference, rng):
    """States, weights and errors of any kind give one norm per state."""
    check_results(GRADIENT_NORMS, learner, reference, rng)


# --- clip_by_global_norm: 2 points ---


def arrays(rng):
    return [rng.normal(size=(3, 4)), rng.normal(size=(4, 4)), rng.normal(size=4)]


def common_norm(grads):
    return float(np.linalg.norm(np.concatenate([np.ravel(grad) for grad in grads])))


@pytest.mark.points(0.5, function="clip_by_global_norm")
def test_one_factor_for_all(learner, rng):
    """Large gradients are scaled to the limit by one common factor."""
    for size, message in [
        (1, "The gradients are not all scaled by one factor that brings their common norm to the limit"),
        (1e-3, "If gradients and limit are small, the factor does not bring the common norm to the limit"),
    ]:
        grads, limit = [size * grad for grad in arrays(rng)], size * float(rng.uniform(0.5, 2))
        norm = common_norm(grads)
        clipped, got = learner.clip_by_global_norm(grads, limit)
        learner.assert_unchanged()
        assert_allclose(got, norm, "The norm is not the norm of all numbers of all arrays, before clipping")
        assert len(clipped) == len(grads), "There should be as many arrays as in the argument"
        for one, grad in zip(clipped, grads, strict=True):
            assert_allclose(one, grad * (limit / norm), message)


CLIP = Contract(
    "clip_by_global_norm",
    {
        "grads": Domain(
            arrays,
            edges={
                "gradients within the limit": lambda grads: [0.01 * grad for grad in grads],
                "gradients that are all zero": lambda grads: [0 * grad for grad in grads],
                "one array of zeros among others": lambda grads: [0 * grads[0], *grads[1:]],
                "a single array": lambda grads: grads[:1],
                "many arrays": lambda rng: [rng.normal(size=3) for _ in range(12)],
                "arrays of whole numbers": lambda rng: [rng.integers(1, 9, size=3) for _ in range(3)],
                "huge gradients": lambda grads: [1e8 * grad for grad in grads],
            },
        ),
        "max_norm": Domain(
            lambda rng: float(rng.uniform(0.5, 2)),
            edges={
                "a limit that is a whole number": 1,
                "a limit above the norm": lambda grads: 2 * common_norm(grads),
                "a limit that equals the norm": common_norm,
            },
            excluded={"a limit of 0": 0.0, "a negative limit": lambda rng: -float(rng.uniform(0.5, 2))},
        ),
    },
    {
        "clipped": Result(
            "The gradients are not scaled by the right factor", "the shape of the array that was passed in"
        ),
        "norm": Result("The norm is not the one of all numbers together, before clipping"),
    },
)


@pytest.mark.points(0.5, function="clip_by_global_norm")
def test_every_gradient(learner, reference, rng):
    """Gradients of any size are clipped; those within the limit keep their values."""
    check_results(CLIP, learner, reference, rng)


@pytest.mark.points(0.5, function="clip_by_global_norm")
def test_impossible_limits_are_refused(learner, reference, rng):
    """A limit of zero or below raises ValueError; others do not."""
    check_refusals(CLIP, learner, reference, rng)


# --- truncated: 1 point ---


TRUNCATED = Contract(
    "truncated",
    {
        "X": X,
        "H": STATES,
        "Wx": WX,
        "Wh": WH,
        "dh_T": Domain(ERROR.usual),
        "k": Domain(
            lambda rng, X: int(rng.integers(1, max(len(X), 2))),
            edges={
                "k=1": 1,
                "k=2": 2,
                "one step less than the sequence has": lambda X: max(len(X) - 1, 1),
                "as many steps as the sequence has": lambda X: len(X),
                "more steps than the sequence has": lambda X: len(X) + 3,
            },
            excluded={"k=0": 0, "k=-1": -1, "a negative k": lambda rng: -int(rng.integers(2, 6))},
        ),
    },
    GRADIENTS,
)


@pytest.mark.points(0.5, function="truncated")
def test_only_the_last_steps_contribute(learner, reference, rng):
    """The last k steps contribute, in sequences of any length; the other rows of "x" are zero."""
    check_results(TRUNCATED, learner, reference, rng)


@pytest.mark.points(0.25, function="truncated")
def test_impossible_numbers_of_steps_are_refused(learner, reference, rng):
    """Fewer than one step raises ValueError; other numbers do not."""
    check_refusals(TRUNCATED, learner, reference, rng)
