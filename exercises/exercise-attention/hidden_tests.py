"""Hidden tests, which only the judge reads. Inputs come from its seed, and messages never reveal them."""

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
)

TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}  # a learner may compute in float32


def sequences(rng, batch=3, queries=4, keys=6, depth=5, width=2):
    """Return random queries, keys and values; all sizes are different."""
    return (
        rng.normal(size=(batch, queries, depth)),
        rng.normal(size=(batch, keys, depth)),
        rng.normal(size=(batch, keys, width)),
    )


def some_keys(rng, shape):
    """Return a mask in which each query may look at some keys, but not at all if there are several."""
    mask, order = rng.random(shape) < 0.5, rng.random(shape).argsort(axis=2)
    np.put_along_axis(mask, order[:, :, :1], False, axis=2)
    np.put_along_axis(mask, order[:, :, -1:], True, axis=2)
    return mask


def softmax(scores):
    exponentials = np.exp(scores - scores.max(axis=2, keepdims=True))
    return exponentials / exponentials.sum(axis=2, keepdims=True)


# --- attention: 3 points ---


@pytest.mark.points(0.5, function="attention")
def test_weights_are_a_softmax_over_the_keys(learner, rng):
    """Every query has its own weights, and they add up to 1 over the keys."""
    q, k, v = sequences(rng, width=5)  # as long as the keys: exchanging the two raises no error here
    weights = learner.attention(q, k, v, scale=False)[1]
    assert_shape(weights, (3, 4, 6), "The shape of weights is not (B, Tq, Tk)")
    sums = weights.sum(axis=2)
    assert_allclose(
        sums, np.ones((3, 4)), "The weights of a query do not add up to 1 over the keys", rtol=1e-4
    )
    assert not (weights < 0).any(), "There are negative weights"
    expected = softmax(q @ k.transpose(0, 2, 1))
    assert_allclose(weights, expected, "The weights are not the softmax of the dot products", **TOLERANCE)


@pytest.mark.points(0.5, function="attention")
def test_out_is_the_weighted_average_of_the_values(learner, rng):
    """Each query gets the average of the values with its own weights."""
    q, k, v = sequences(rng)
    out, weights = learner.attention(q, k, v)
    assert_shape(out, (3, 4, 2), "The shape of out is not (B, Tq, dv)")
    assert_shape(weights, (3, 4, 6), "The shape of weights is not (B, Tq, Tk)")
    assert_allclose(out, weights @ v, "out is not the average of the values with your weights", **TOLERANCE)
    same = np.broadcast_to(v[:, :1], v.shape).copy()
    out = learner.attention(q, k, same)[0]
    message = "If all values are equal, every query should get this value"
    assert_allclose(out, same[:, :4], message, **TOLERANCE)
    learner.assert_unchanged()


@pytest.mark.points(0.5, function="attention")
def test_scores_are_divided_by_the_root_of_d(learner, rng):
    """Scores are divided by the square root of d by default, and left as they are with scale=False."""
    depth = int(rng.integers(6, 13))
    q, k, v = sequences(rng, depth=depth)
    scores = q @ k.transpose(0, 2, 1)
    for given, factor in (({}, depth**-0.5), ({"scale": True}, depth**-0.5), ({"scale": False}, 1.0)):
        weights = learner.attention(q, k, v, **given)[1]
        what = "With scale=False" if given.get("scale") is False else "With scale=True, which is the default"
        message = f"{what}, the weights are not the softmax of the scores that the contract asks for"
        assert_allclose(weights, softmax(scores * factor), message, **TOLERANCE)


@pytest.mark.points(0.5, function="attention")
def test_hidden_keys_play_no_part(learner, rng):
    """A key that a query may not look at has weight 0, and the weights of the others still add up to 1."""
    q, k, v = sequences(rng)
    mask = some_keys(rng, (3, 4, 6))
    weights = learner.attention(q, k, v, mask=mask)[1]
    assert_shape(weights, (3, 4, 6), "The shape of weights is not (B, Tq, Tk)")
    message = "Keys where the mask is False do not have weight 0"
    assert_allclose(weights[~mask], np.zeros(np.sum(~mask)), message, atol=1e-6)
    message = "With a mask, the weights of a query do not add up to 1 over the keys"
    assert_allclose(weights.sum(axis=2), np.ones((3, 4)), message, rtol=1e-4)
    shown = np.array([True, True, False, True, False, True])
    mask = np.broadcast_to(shown, (3, 4, 6)).copy()
    out = learner.attention(q, k, v, mask=mask)[0]
    without = learner.attention(q, k[:, shown], v[:, shown])[0]
    message = "The result with hidden keys differs from the result without these keys"
    assert_allclose(out, without, message, **TOLERANCE)


@pytest.mark.points(0.25, function="attention")
def test_pairs_may_come_in_any_order(learner, rng):
    """If keys and values change places together, each query still gets the same result."""
    q, k, v = sequences(rng)
    order = rng.permutation(6)
    out, weights = learner.attention(q, k, v)
    moved_out, moved_weights = learner.attention(q, k[:, order], v[:, order])
    assert_shape(weights, (3, 4, 6), "The shape of weights is not (B, Tq, Tk)")
    assert_allclose(
        moved_weights, weights[:, :, order], "The weights do not move with their keys", **TOLERANCE
    )
    assert_allclose(moved_out, out, "out depends on the order of the keys and values", **TOLERANCE)
    expected = softmax(q @ k.transpose(0, 2, 1) / np.sqrt(5)) @ v
    assert_allclose(out, expected, "out is not the weighted average of the values", **TOLERANCE)


@pytest.mark.points(0.25, function="attention")
def test_scores_of_any_size(learner, rng):
    """Scores in the thousands, next to small ones or hidden, give the right weights."""
    # all numbers of a vector are equal, and all scores are whole: even float32 has no rounding errors
    numbers = np.ones((2, 1, 4))
    v = rng.normal(size=(2, 6, 3))
    k = numbers * rng.permutation(np.arange(1, 7))[:, np.newaxis]
    small = numbers * rng.permutation([0.25, 0.5, -0.25, -0.5])[:, np.newaxis]
    large = small * int(rng.integers(1000, 2000))
    mixed = small.copy()
    mixed[:, 1] = 1000
    giant = k.copy()
    giant[:, -1] *= 4000
    giant[:, -1] += 4000
    hidden = np.ones((2, 4, 6), dtype=bool)
    hidden[:, :, -1] = False
    low = k - 4_000_000
    low[:, -1] = 0
    cases = [
        (large, k, None, "With scores in the thousands"),
        (mixed, k, None, "If the scores of one query are much larger than those of the others"),
        (np.abs(small), giant, hidden, "If a hidden key has by far the largest score"),
        (np.abs(small), low, hidden, "If the scores of all allowed keys are far below zero"),
    ]
    for q, keys, mask, when in cases:
        weights = learner.attention(q, keys, v, mask=mask, scale=False)[1]
        scores = q @ keys.transpose(0, 2, 1)
        expected = softmax(scores if mask is None else np.where(mask, scores, -np.inf))
        message = f"{when}, the weights are not the softmax of the scores"
        assert_allclose(weights, expected, message, rtol=1e-3, atol=1e-4)


def without_keys(mask, sequence, query):
    """Hide all keys from one query."""
    empty = mask.copy()
    empty[sequence, query] = False
    return empty


def one_key(rng, mask):
    """Leave each query a single key."""
    return np.arange(mask.shape[2]) == rng.integers(mask.shape[2], size=mask.shape[:2])[..., np.newaxis]


def padding(mask):
    """Hide the last keys of the last sequence from all queries."""
    shown = np.ones_like(mask)
    shown[-1, :, 2:] = False
    return shown


ATTENTION = Contract(
    "attention",
    {
        "q": Domain(
            lambda rng: rng.normal(size=(int(rng.integers(2, 5)), int(rng.integers(3, 6)), 4)),
            edges={
                "a single query": lambda q: q[:, :1],
                "a batch of one sequence": lambda q: q[:1],
                "queries of length 1": lambda q: q[:, :, :1],
                "as many queries as keys": lambda rng: rng.normal(size=(2, 7, 4)),
                "queries that are whole numbers": lambda rng: rng.integers(-3, 4, size=(2, 3, 4)),
                "queries that are all zero": lambda q: np.zeros_like(q),
            },
            excluded={
                "queries of shape (Tq, d)": lambda q: q[0],
                "queries of shape (B, d)": lambda q: q[:, 0],
                "queries with four axes": lambda q: q[np.newaxis],
                "queries of a single sequence, where k and v hold several": lambda q: q[:1],
                "queries of more sequences than k and v hold": lambda q: np.concatenate([q, q]),
                "queries that are longer than the keys": lambda rng, q: rng.normal(size=(*q.shape[:2], 5)),
                "queries that are shorter than the keys": lambda q: q[:, :, :3],
            },
        ),
        "k": Domain(
            lambda rng, q: rng.normal(size=(q.shape[0], int(rng.integers(6, 9)), q.shape[2])),
            edges={
                "a single key": lambda k: k[:, :1],
                "keys that are all equal": lambda k: np.repeat(k[:, :1], k.shape[1], axis=1),
                "more queries than keys": lambda k: k[:, :2],
                "keys that are whole numbers": lambda rng, k: rng.integers(-3, 4, size=k.shape),
            },
            excluded={
                "keys of shape (Tk, d)": lambda k: k[0],
                "keys of shape (B, d)": lambda k: k[:, 0],
                "keys of length 1, where the queries are longer": lambda k: k[:, :, :1],
                "keys of a single sequence, where q and v hold several": lambda k: k[:1],
            },
        ),
        "v": Domain(
            lambda rng, k: rng.normal(size=(*k.shape[:2], int(rng.integers(2, 4)))),
            edges={
                "values of length 1": lambda v: v[:, :, :1],
                "values longer than the keys": lambda rng, k: rng.normal(size=(*k.shape[:2], 9)),
                "values that are whole numbers": lambda rng, k: rng.integers(-9, 9, size=(*k.shape[:2], 3)),
            },
            excluded={
                "values of shape (Tk, dv)": lambda v: v[0],
                "values of shape (B, Tk)": lambda v: v[:, :, 0],
                "fewer values than keys": lambda v: v[:, :-1],
                "more values than keys": lambda v: np.concatenate([v, v[:, :1]], axis=1),
                "a single value, where there are several keys": lambda v: v[:, :1],
                "values of a single sequence, where q and k hold several": lambda v: v[:1],
            },
        ),
        "mask": Domain(
            lambda rng, q, k: some_keys(rng, (q.shape[0], q.shape[1], k.shape[1])),
            edges={
                "mask=None": None,
                "a mask that hides nothing": lambda mask: np.ones_like(mask),
                "a mask that leaves each query one key": one_key,
                "a mask that hides later keys": lambda mask: np.tril(np.ones_like(mask)),
                "a mask that hides the end of a sequence": padding,
            },
            excluded={
                "a mask that leaves a query no key": lambda mask: without_keys(mask, -1, 0),
                "a mask that leaves the last query no key": lambda mask: without_keys(mask, 0, -1),
                "a mask that hides everything": lambda mask: np.zeros_like(mask),
                "a mask of shape (Tq, Tk)": lambda mask: mask[0],
                "a mask of shape (B, 1, Tk)": lambda mask: mask[:, :1],
                "a mask of shape (1, Tq, Tk)": lambda mask: mask[:1],
                "a mask of shape (B, Tk, Tq)": lambda mask: np.ones_like(mask).transpose(0, 2, 1),
            },
            optional=True,
        ),
        "scale": Domain(
            lambda rng: bool(rng.integers(2)),
            edges={"scale=True": True, "scale=False": False},
            optional=True,
        ),
    },
    {
        "out": Result("out is not the weighted average of the values", "(B, Tq, dv)", rtol=1e-3, atol=1e-4),
        "weights": Result(
            "weights are not the softmax of the scores over the keys", "(B, Tq, Tk)", rtol=1e-3, atol=1e-4
        ),
    },
)


def with_edges_of(*names):
    """Return the contract with the edges of these arguments only, so that one test does not tell too much."""
    domains = {
        name: domain if name in names else Domain(domain.usual, optional=domain.optional)
        for name, domain in ATTENTION.arguments.items()
    }
    return Contract(ATTENTION.function, domains, ATTENTION.results)


QUERIES_AND_KEYS = with_edges_of("q", "k")
VALUES_AND_MASKS = with_edges_of("v", "mask", "scale")


@pytest.mark.points(0.125, function="attention")
def test_attention_of_every_size(learner, reference, rng):
    """Any number of queries and keys, of any length, give the promised arrays."""
    check_results(QUERIES_AND_KEYS, learner, reference, rng)


@pytest.mark.points(0.125, function="attention")
def test_every_kind_of_values_and_masks(learner, reference, rng):
    """Values of any length, with and without a mask and scaling, give the promised arrays."""
    check_results(VALUES_AND_MASKS, learner, reference, rng)


@pytest.mark.points(0.25, function="attention")
def test_what_does_not_fit_is_refused(learner, reference, rng):
    """Arrays and masks that do not fit together raise ValueError; others do not."""
    check_refusals(ATTENTION, learner, reference, rng)


# --- build_attention_model: 1.5 points ---


@pytest.mark.points(0.5, function="build_attention_model")
def test_model_structure(learner, reference, rng):
    """The model has an LSTM layer, attention over its states, their average, and linear outputs."""
    length, units, features, outputs = (int(n) for n in rng.integers((5, 4, 2, 2), (12, 20, 5, 5)))
    for given in ({"units": units, "n_features": features, "n_out": outputs}, {}):
        model = learner.build_attention_model(length, **given)
        assert_same_layers(model, reference.build_attention_model(length, **given))
    assert_independent(*(learner.build_attention_model(3, units=4) for _ in range(2)))


@pytest.mark.points(0.25, function="build_attention_model")
def test_model_is_compiled(learner, reference, rng):
    """The model is compiled with Adam, the given learning rate, and mean squared error."""
    for given in ({"learning_rate": float(rng.uniform(0.002, 0.02))}, {}):
        model = learner.build_attention_model(6, units=4, **given)
        assert_same_compiling(model, reference.build_attention_model(6, units=4, **given))


def lstm_states(X, W, U, b):
    """Return all states (n, steps, units) of an LSTM, with gates in Keras's order i, f, c, o."""
    h = c = np.zeros((len(X), U.shape[0]))
    states = []
    for t in range(X.shape[1]):
        i, f, g, o = np.split(X[:, t] @ W + h @ U + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.points(0.25, function="build_attention_model")
def test_order_matters(learner, rng):
    """The model can tell a sequence from the same sequence read backward."""
    model = learner.build_attention_model(8, units=6, n_features=2)
    if model.output_shape != (None, 1):
        raise Mismatch("The model does not give one answer of n_out numbers for each sequence")
    X = rng.normal(size=(32, 8, 2))
    forward, backward = (np.asarray(model(each, training=False)) for each in (X, X[:, ::-1]))
    assert np.abs(forward - backward).max() > 1e-3, (
        "A sequence gets the same prediction when it is read backward"
    )


@pytest.mark.points(0.5, function="build_attention_model")
def test_predictions_with_given_weights(learner, rng):
    """With given weights, the model predicts what an LSTM, attention and a linear layer predict."""
    model = learner.build_attention_model(7, units=4, n_features=3, n_out=2)
    if model.output_shape != (None, 2):
        raise Mismatch("The model does not give one answer of n_out numbers for each sequence")
    shapes = [(3, 16), (4, 16), (16,), (4, 2), (2,)]
    if [tuple(weight.shape) for weight in model.weights] != shapes:
        raise Mismatch("The weights do not have the shapes that units, n_features and n_out require")
    W, U, b, V, _ = (rng.normal(size=shape) * 1.5 for shape in shapes)
    X = rng.normal(size=(16, 7, 3))
    states = lstm_states(X, W, U, b)
    looked_up = softmax(states @ states.transpose(0, 2, 1)) @ states
    outputs = looked_up.mean(axis=1) @ V
    d = -np.median(outputs, axis=0)  # half of the predictions are negative
    model.set_weights([W, U, b, V, d])
    got = np.asarray(model(X, training=False))
    message = "The predictions differ from those of an LSTM, attention over its states and their average"
    assert_allclose(got, outputs + d, message, rtol=1e-3, atol=1e-4)
