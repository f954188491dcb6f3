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
    assert_independent,
    assert_same_compiling,
    assert_same_layers,
    assert_shape,
    check_refusals,
    check_results,
    free,
)

MODES = ("concat", "sum", "ave")
OTHERS = {
    "an unknown mode": "last",
    "another mode of Keras": "mul",
    "a mode in capital letters": "SUM",
    "a mode that is spelled out": "average",
    "an empty mode": "",
}


# --- bidirectional_forward: 2.75 points ---


def cell(rng, shape, units, seen=None):
    """Return a recurrent cell with random weights for inputs X of this shape. `seen` collects its calls."""
    sequences, features = shape[0], shape[-1]
    W, R = rng.normal(size=(features, units)), 0.7 * rng.normal(size=(units, units))
    b = rng.normal(size=units)

    def step(x, h):
        assert_step(x, h, (sequences, features), (sequences, units))
        if seen is not None:
            seen.append((np.array(x), None if h is None else np.array(h)))
        return np.tanh(x @ W + (0 if h is None else h @ R) + b)

    return step


def assert_step(x, h, inputs, state):
    if not isinstance(x, np.ndarray):
        raise Mismatch("A cell should receive the inputs of one time step as an array")
    assert_shape(x, inputs, "A cell should receive the inputs of one time step, of shape (B, F)")
    if h is not None:
        if not isinstance(h, np.ndarray):
            raise Mismatch("A cell should receive None or the state that it returned last")
        message = "A cell should receive None at first, and then its last state as it is, of shape (B, U)"
        assert_shape(h, state, message)


def states(X, step):
    """Return the states (B, T, U) of a cell that reads the steps in order."""
    h, found = None, []
    for t in range(X.shape[1]):
        h = step(X[:, t], h)
        found.append(h)
    return np.stack(found, axis=1)


def given(rng, seen_f=None, seen_b=None):
    """Return random sequences and two cells for them. All sizes differ."""
    B, T, F, U = (int(n) for n in rng.permutation([3, 4, 5, 6]))
    X = rng.normal(size=(B, T, F))
    return X, cell(rng, X.shape, U, seen_f), cell(rng, X.shape, U, seen_b)


@pytest.mark.points(0.75, function="bidirectional_forward")
def test_rows_belong_to_their_steps(learner, rng):
    """Each row joins the two states after its own step, the forward one first."""
    X, step_f, step_b = given(rng)
    got = learner.bidirectional_forward(X, step_f, step_b, "concat")
    learner.assert_unchanged()
    forward, backward = states(X, step_f), states(X[:, ::-1], step_b)[:, ::-1]
    units = forward.shape[2]
    assert_shape(got, (*X.shape[:2], 2 * units), "With merge='concat', the shape should be (B, T, 2U)")
    assert_allclose(got[..., :units], forward, "The first half is not the forward cell's state at each step")
    message = "The second half is not the backward cell's state after it has read the step of its row"
    assert_allclose(got[..., units:], backward, message)


@pytest.mark.points(0.5, function="bidirectional_forward")
def test_cells_read_in_their_order(learner, rng):
    """Each cell is called once per step, in its own order, and with its own last state."""
    calls_f, calls_b = [], []
    X, step_f, step_b = given(rng, calls_f, calls_b)
    learner.bidirectional_forward(X, step_f, step_b, "sum")
    got = {"forward": [*calls_f], "backward": [*calls_b]}
    orders = {"forward": (step_f, calls_f, X), "backward": (step_b, calls_b, X[:, ::-1])}
    for name, (step, calls, in_order) in orders.items():
        calls.clear()
        states(in_order, step)
        assert len(got[name]) == len(calls), f"The {name} cell should be called once per time step"
        for (x, h), (wanted, state) in zip(got[name], calls, strict=True):
            if not np.array_equal(x, wanted) and np.array_equal(np.sort(x, None), np.sort(wanted, None)):
                raise Mismatch(f"The {name} cell receives each step with its sequences or features reordered")
            assert_allclose(x, wanted, f"The {name} cell does not read the steps in its order")
            same = (h is None) == (state is None) and (h is None or np.allclose(h, state))
            assert same, f"The {name} cell should receive None at first, and then the state that it returned"


@pytest.mark.points(0.25, function="bidirectional_forward")
def test_modes_of_merging(learner, rng):
    """'sum' adds the two states of a step, 'ave' takes their mean, and 'concat' is the default."""
    X, step_f, step_b = given(rng)
    got = {merge: learner.bidirectional_forward(X, step_f, step_b, merge) for merge in ("sum", "ave")}
    default = learner.bidirectional_forward(X, step_f, step_b)
    forward, backward = states(X, step_f), states(X[:, ::-1], step_b)[:, ::-1]
    message = "With merge='sum', a row is not the sum of the two states of its step"
    assert_allclose(got["sum"], forward + backward, message)
    message = "With merge='ave', a row is not the mean of the two states of its step"
    assert_allclose(got["ave"], (forward + backward) / 2, message)
    expected = np.concatenate([forward, backward], axis=2)
    assert_allclose(default, expected, "Without a mode, the states are not joined as with 'concat'")


BIDIRECTIONAL_FORWARD = Contract(
    "bidirectional_forward",
    {
        "X": Domain(
            lambda rng: rng.normal(size=tuple(int(n) for n in rng.integers(2, 7, size=3))),
            edges={
                "a single step": lambda X: X[:, :1],
                "a single sequence": lambda X: X[:1],
                "a single feature": lambda X: X[:, :, :1],
                "as many sequences as steps and features": lambda rng: rng.normal(size=(4, 4, 4)),
                "long sequences": lambda rng: rng.normal(size=(2, 30, 2)),
                "whole numbers": lambda rng: rng.integers(-3, 4, size=(3, 5, 2)),
            },
            excluded={
                "a single sequence without its axis": lambda X: X[0],
                "sequences without the axis of the features": lambda X: X[:, :, 0],
                "an array of four axes": lambda X: X[np.newaxis],
            },
        ),
        "step_f": Domain(lambda rng, X: cell(rng, X.shape, 3)),
        "step_b": Domain(lambda rng, X: cell(rng, X.shape, 3)),
        "merge": Domain(
            lambda rng: str(rng.choice(MODES)),
            edges={f"merge={mode!r}": mode for mode in MODES},
            excluded=OTHERS,
        ),
    },
    {
        "outputs": Result(
            "The outputs are not the joined states", "(B, T, 2U) or (B, T, U)", "float64", atol=1e-12
        )
    },
)


@pytest.mark.points(0.25, function="bidirectional_forward")
def test_sequences_of_any_size(learner, reference, rng):
    """Any number of sequences, steps and features gives one row per step, in each mode."""
    check_results(BIDIRECTIONAL_FORWARD, learner, reference, rng)


@pytest.mark.points(0.25, function="bidirectional_forward")
def test_other_modes_and_shapes(learner, reference, rng):
    """Any other mode and any other number of axes raise ValueError; valid arguments do not."""
    check_refusals(BIDIRECTIONAL_FORWARD, learner, reference, rng)


# --- build_bidirectional: 1.75 points ---


@pytest.mark.points(0.5, function="build_bidirectional")
def test_model_structure(learner, reference, rng):
    """One LSTM is wrapped in Bidirectional and returns all steps, and each step has linear outputs."""
    for more in (("sum",), ("ave",), ("concat",), ()):
        sizes = [int(n) for n in rng.permutation([3, 4, 5, 7])]
        model = learner.build_bidirectional(*sizes, *more)
        assert_same_layers(model, reference.build_bidirectional(*sizes, *more))
    assert_independent(*(learner.build_bidirectional(3, 2, 2, 1) for _ in range(2)))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_cell(W, R, b):
    """Return a function of X (n, T, F) that runs an LSTM over it and returns the states of all steps."""

    def run(X):
        h = c = np.zeros((len(X), len(R)))
        found = []
        for t in range(X.shape[1]):
            i, f, g, o = np.split(X[:, t] @ W + h @ R + b, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            found.append(h)
        return np.stack(found, axis=1)

    return run


@pytest.mark.points(0.25, function="build_bidirectional")
def test_predictions_with_given_weights(learner, rng):
    """With given weights, each mode predicts what two LSTMs and a linear layer predict."""
    T, F, U, K = 5, 2, 3, 4
    for merge, join in [
        ("concat", lambda f, b: np.concatenate([f, b], axis=2)),
        ("sum", np.add),
        ("ave", lambda f, b: (f + b) / 2),
    ]:
        model = learner.build_bidirectional(T, F, U, K, merge)
        one = [(F, 4 * U), (U, 4 * U), (4 * U,)]
        shapes = [*one, *one, (2 * U if merge == "concat" else U, K), (K,)]
        if [tuple(weight.shape) for weight in model.weights] != shapes:
            raise Mismatch("The weights do not have the shapes of two LSTMs and an output layer")
        weights = [rng.normal(size=shape) for shape in shapes]
        model.set_weights(weights)
        X = rng.normal(size=(8, T, F))
        forward = lstm_cell(*weights[:3])(X)
        backward = lstm_cell(*weights[3:6])(X[:, ::-1])[:, ::-1]
        got = np.asarray(model(X, training=False))
        message = "The predictions differ from those of two LSTMs, merged at each step, and linear outputs"
        expected = join(forward, backward) @ weights[6] + weights[7]
        assert_allclose(got, expected, message, rtol=1e-4, atol=1e-4)


@pytest.mark.points(0.25, function="build_bidirectional")
def test_model_is_compiled(learner, reference, rng):
    """The model is compiled with Adam, its default rate, and mean squared error."""
    sizes = [int(n) for n in rng.integers(2, 6, size=4)]
    model = learner.build_bidirectional(*sizes)
    assert_same_compiling(model, reference.build_bidirectional(*sizes))


BUILD_BIDIRECTIONAL = Contract(
    "build_bidirectional",
    {
        "T": Domain(lambda rng: int(rng.integers(3, 9))),
        "F": Domain(lambda rng: int(rng.integers(1, 4))),
        "units": Domain(3),
        "n_out": Domain(2),
        "merge": Domain(choices=MODES, excluded=OTHERS),
    },
    {"the output": Result("", "(None, T, n_out)")},
)


@pytest.mark.points(0.25, function="build_bidirectional")
def test_other_modes_give_no_model(learner, reference, rng):
    """The three modes give models with outputs for each step; any other mode raises ValueError."""
    check_refusals(BUILD_BIDIRECTIONAL, learner, reference, rng)


# --- is_causal: 1.5 points ---


class Influence(NamedTuple):
    """An output of a network and an input that it depends on. Without a weight, one is drawn."""

    output_step: int
    number: int
    input_step: int
    feature: int
    weight: float | None = None


def network(rng, T, F, K, influences):
    """Return a network that computes weighted sums of inputs. Others have no influence, not even NaN."""
    read = {}  # (output step, number) -> the steps, features and weights of its inputs
    for each in influences:
        weight = rng.uniform(1, 3) if each.weight is None else each.weight
        read.setdefault(each[:2], []).append((each.input_step, each.feature, weight))
    sums = []
    for place, inputs in read.items():
        steps, features, weights = zip(*inputs, strict=True)
        sums.append((*place, [*steps], [*features], np.array(weights)))

    @free
    def predict(x, **_):
        if not isinstance(x, np.ndarray) or x.ndim != 3 or x.shape[1:] != (T, F):
            raise Mismatch("predict should receive an array of shape (n, T, F)")
        outputs = np.zeros((len(x), T, K))
        for step, number, steps, features, weights in sums:
            outputs[:, step, number] = x[:, steps, features] @ weights
        return outputs

    return predict


def dense(T, F, K, depends):
    """Yield influences of all features on all numbers, where depends(output step, input step)."""
    for t in range(T):
        for s in range(T):
            if depends(t, s):
                yield from (Influence(t, k, s, f) for k in range(K) for f in range(F))


def asked(learner, rng, cases):
    """Return two lists of bools: what the learner's function says of each network, and what is right.

    A case is T, F, K and the network's influences. All networks are tried before one is judged, so that
    a wrong idea shows everything that it does.
    """
    said, right = [], []
    for T, F, K, influences in cases:
        said.append(bool(learner.is_causal(network(rng, T, F, K, influences), T, F)))
        right.append(all(each.input_step <= each.output_step for each in influences))
    return said, right


def assert_verdicts(said, right):
    wrong = {truth for verdict, truth in zip(said, right, strict=True) if verdict != truth}
    assert wrong != {True, False}, "Some networks are judged wrongly, causal ones and others"
    assert True not in wrong, "A network that uses no later inputs is not called causal"
    assert False not in wrong, "A network that uses a later input is called causal"


@pytest.mark.points(0.25, function="is_causal")
def test_whole_networks(learner, rng):
    """Networks that read forward or step by step are causal; those that read backward or ahead are not."""
    T, F, K = (int(n) for n in rng.permutation([3, 4, 6]))
    T += 2
    rules = [
        lambda t, s: s <= t,  # forward
        lambda t, s: s == t,  # each step alone
        lambda t, s: s < t,  # only what is over
        lambda t, s: s == 0,  # only the first input
        lambda t, s: False,  # nothing
        lambda t, s: s >= t,  # backward
        lambda t, s: True,  # both directions
        lambda t, s: abs(s - t) <= 1,  # the neighbors
        lambda t, s: s == T - 1 - t,  # the reversed sequence
    ]
    assert_verdicts(*asked(learner, rng, [(T, F, K, [*dense(T, F, K, rule)]) for rule in rules]))


def with_one_more(T, F, K, depends, output_step, input_step, numbers, features):
    """Return a case of a causal network in which some numbers of an output also depend on later features."""
    ahead = [Influence(output_step, k, input_step, f) for k in numbers for f in features]
    return T, F, K, [*dense(T, F, K, depends), *ahead]


@pytest.mark.points(0.25, function="is_causal")
def test_single_steps(learner, rng):
    """A single output that depends on a single later input is enough, wherever they are."""
    T, F, K = int(rng.integers(7, 10)), 2, 3
    middle = int(rng.integers(2, T - 3))
    far = [(0, T - 1), (0, 1), (middle, middle + 1), (T - 2, T - 1), (0, middle), (1, T - 1)]
    rules = [lambda t, s: s <= t, lambda t, s: s == t]
    cases = [with_one_more(T, F, K, rule, *each, range(K), range(F)) for rule in rules for each in far]
    past = [(T - 1, 0), (T - 1, middle), (middle, middle), (middle + 1, middle)]
    cases += [with_one_more(T, F, K, lambda t, s: False, *each, range(K), range(F)) for each in past]
    assert_verdicts(*asked(learner, rng, cases))


@pytest.mark.points(0.25, function="is_causal")
def test_single_numbers(learner, rng):
    """One feature of a later input that reaches one number of an output is enough."""
    T, F, K = int(rng.integers(4, 7)), 3, 3
    t = int(rng.integers(1, T - 1))  # not 0: a look at the first output alone should miss it
    rule = lambda t, s: s <= t  # noqa: E731
    cases = [with_one_more(T, F, K, rule, t, t + 1, [k], [f]) for k in range(K) for f in range(F)]
    cases += [with_one_more(T, F, K, rule, t, t, [k], [0]) for k in range(K)]
    # the first output looks ahead, but only one of its numbers does
    cases.append(with_one_more(T, F, K, rule, 0, T - 1, [0], [F - 1]))
    # one number rises as much as another one falls, as probabilities do
    balanced = [Influence(t, k, t + 1, 0, weight) for k, weight in ((0, 2.0), (1, -2.0))]
    cases.append((T, F, K, [*dense(T, F, K, rule), *balanced]))
    assert_verdicts(*asked(learner, rng, cases))


def drawn_network(rng, T, F, kind):
    """Return a network of one to three numbers per step that is causal, or looks one or many steps ahead."""
    K = int(rng.integers(1, 4))
    if kind == "causal":
        return network(rng, T, F, K, dense(T, F, K, lambda t, s: s <= t))
    ahead = 1 if kind == "one step ahead" else T - 1
    return network(rng, T, F, K, dense(T, F, K, lambda t, s: s == min(t + ahead, T - 1)))


IS_CAUSAL = Contract(
    "is_causal",
    {
        "predict": Domain(
            lambda rng, T, F: drawn_network(rng, T, F, "one step ahead"),
            edges={
                "a causal network": lambda rng, T, F: drawn_network(rng, T, F, "causal"),
                "a network that reads only the last input": lambda rng, T, F: drawn_network(rng, T, F, "end"),
            },
        ),
        "T": Domain(
            lambda rng: int(rng.integers(3, 8)), edges={"a single step": 1, "two steps": 2, "many steps": 40}
        ),
        "F": Domain(lambda rng: int(rng.integers(2, 5)), edges={"a single feature": 1, "many features": 30}),
    },
    {"causal": Result("The network is judged wrongly")},
)


@pytest.mark.points(0.25, function="is_causal")
def test_networks_of_any_size(learner, reference, rng):
    """Networks with any number of steps and features are judged rightly."""
    check_results(IS_CAUSAL, learner, reference, rng)
