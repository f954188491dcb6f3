"""Hidden tests, which only the judge reads. Inputs come from its seed, and messages never reveal them."""

import numpy as np
import pytest

from grader.testing import (
    Contract,
    Domain,
    LayerStandIn,
    Mismatch,
    Result,
    StatefulLayerStandIn,
    StatefulModelStandIn,
    assert_allclose,
    assert_independent,
    assert_same_compiling,
    assert_same_layers,
    assert_shape,
    check_refusals,
    check_results,
)


def sizes(rng):
    """Return different numbers of steps, features, units and outputs."""
    features, outputs, units, steps = (int(n) for n in np.cumsum(rng.integers(2, 4, size=4)))
    return steps, features, units, outputs


def rnn_twin(X, W, R, b):
    """Return the states (n, T, units) of a SimpleRNN."""
    h, states = np.zeros((len(X), len(R))), []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W + h @ R + b)
        states.append(h)
    return np.stack(states, axis=1)


def given_weights(model, shapes, rng):
    """Set random weights of these shapes, and return them."""
    if [tuple(weight.shape) for weight in model.weights] != shapes:
        raise Mismatch("The weights do not have the shapes that the contract's layers have")
    weights = [rng.normal(size=shape) * 0.7 for shape in shapes]
    model.set_weights(weights)
    return weights


def outputs_of(model, X):
    return np.asarray(model(X, training=False))


def assert_reads(model, length):
    """Assert that the model reads sequences of this length, or of any length if it is None."""
    if length is None:
        message = "If T is None, the model should read sequences of any length"
        assert model.input_shape[1:2] == (None,), message


# --- build_many_to_one: 1.25 points ---


@pytest.mark.points(0.5, function="build_many_to_one")
def test_many_to_one_layers(learner, reference, rng):
    """Two recurrent layers and a linear layer give one answer per sequence, for any sizes and lengths."""
    steps, *others = sizes(rng)
    for length in (steps, None):
        model = learner.build_many_to_one(length, *others)
        assert_reads(model, length)
        assert_same_layers(model, reference.build_many_to_one(length, *others))
    assert_independent(*(learner.build_many_to_one(3, 2, 4, 1) for _ in range(2)))


@pytest.mark.points(0.25, function="build_many_to_one")
def test_many_to_one_is_compiled(learner, reference, rng):
    """The model is compiled with Adam and the mean squared error."""
    given = sizes(rng)
    assert_same_compiling(learner.build_many_to_one(*given), reference.build_many_to_one(*given))


@pytest.mark.points(0.5, function="build_many_to_one")
def test_answer_from_the_last_state(learner, rng):
    """With given weights, the answer is computed from the second layer's last state."""
    steps, features, units, outputs = sizes(rng)
    model = learner.build_many_to_one(steps, features, units, outputs)
    first, second = [(features, units), (units, units), (units,)], [(units, units), (units, units), (units,)]
    W, R, b, W2, R2, b2, V, d = given_weights(model, [*first, *second, (units, outputs), (outputs,)], rng)
    X = rng.normal(size=(8, steps, features))
    got = outputs_of(model, X)
    expected = rnn_twin(rnn_twin(X, W, R, b), W2, R2, b2)[:, -1] @ V + d
    assert_shape(got, expected.shape, "The model should give one answer per sequence")
    message = "The answers differ from those of two SimpleRNN layers, one after the other, and a linear layer"
    assert_allclose(got, expected, message, rtol=1e-4, atol=1e-4)


# --- build_many_to_many: 1.75 points ---


@pytest.mark.points(0.5, function="build_many_to_many")
def test_many_to_many_layers(learner, reference, rng):
    """One recurrent layer and a linear layer give one answer per step, for any sizes and lengths."""
    steps, *others = sizes(rng)
    for length in (steps, None):
        model = learner.build_many_to_many(length, *others)
        assert_reads(model, length)
        assert_same_layers(model, reference.build_many_to_many(length, *others))
    assert_independent(*(learner.build_many_to_many(3, 2, 4, 1) for _ in range(2)))


@pytest.mark.points(0.25, function="build_many_to_many")
def test_many_to_many_is_compiled(learner, reference, rng):
    """The model is compiled with Adam and the mean squared error."""
    given = sizes(rng)
    assert_same_compiling(learner.build_many_to_many(*given), reference.build_many_to_many(*given))


@pytest.mark.points(0.25, function="build_many_to_many")
def test_all_steps_share_the_weights(learner, rng):
    """A model for longer sequences has the same number of weights."""
    steps, *others = sizes(rng)
    short, long = (learner.build_many_to_many(length, *others) for length in (steps, 2 * steps))
    assert short.output_shape[:2] == (None, steps), "The model should give one answer for each step"
    assert short.count_params() == long.count_params(), "A model for longer sequences has more weights"


@pytest.mark.points(0.25, function="build_many_to_many")
def test_answers_do_not_see_the_future(learner, rng):
    """An answer depends on the inputs up to its step, and on no later one."""
    steps, features, units, outputs = sizes(rng)
    model = learner.build_many_to_many(steps, features, units, outputs)
    if model.input_shape != (None, steps, features):
        raise Mismatch("Without a batch size, the model should read any number of sequences (T, F)")
    model.set_weights([rng.normal(size=weight.shape) * 0.7 for weight in model.weights])
    X, at = rng.normal(size=(4, steps, features)), steps // 2
    other = X.copy()
    other[:, at:] += rng.normal(size=other[:, at:].shape)
    before, after = outputs_of(model, X), outputs_of(model, other)
    assert_shape(before, (4, steps, outputs), "The model should give one answer for each step")
    assert np.array_equal(before[:, :at], after[:, :at]), "An answer changes if a later input changes"
    assert not np.isclose(before[:, at:], after[:, at:]).all(axis=2).any(), "An answer ignores its input"


@pytest.mark.points(0.5, function="build_many_to_many")
def test_states_survive_if_asked(learner, reference, rng):
    """With a batch size, the layer is stateful: two halves, one after the other, are the whole."""
    steps, features, units, outputs = sizes(rng)
    batch = int(rng.integers(2, 6))
    for given in ({"batch_size": batch}, {}):
        model = learner.build_many_to_many(None, features, units, outputs, **given)
        assert_same_layers(model, reference.build_many_to_many(None, features, units, outputs, **given))
        shapes = [(features, units), (units, units), (units,), (units, outputs), (outputs,)]
        W, R, b, V, d = given_weights(model, shapes, rng)
        X = rng.normal(size=(batch, 2 * steps, features))
        halves = [outputs_of(model, X[:, :steps]), outputs_of(model, X[:, steps:])]
        pieces = [X] if given else [X[:, :steps], X[:, steps:]]
        expected = np.concatenate([rnn_twin(piece, W, R, b) @ V + d for piece in pieces], axis=1)
        message = (
            "With a batch size, the second half does not continue from the state after the first"
            if given
            else "Without a batch size, a call does not start from a state of zero"
        )
        assert_allclose(np.concatenate(halves, axis=1), expected, message, rtol=1e-4, atol=1e-4)


# --- predict_shape: 2.25 points ---


KEEPS = "return_sequences"


def recurrent(rng, keeps=None):
    """Return a recurrent layer. `keeps` is its return_sequences; None leaves the option out."""
    name = str(rng.choice(["SimpleRNN", "LSTM", "GRU"]))
    return {"layer": name, "units": int(rng.integers(5, 60))} | ({} if keeps is None else {KEEPS: keeps})


def dense(rng):
    return {"layer": "Dense", "units": int(rng.integers(5, 60))}


def repeat(rng):
    return {"layer": "RepeatVector", "n": int(rng.integers(3, 30))}


def dropout(rng):
    return {"layer": "Dropout", "rate": float(rng.uniform(0.2, 0.7))}


FLATTEN = {"layer": "Flatten"}


def three_axes(rng):
    """Return the shape of sequences."""
    return None, int(rng.integers(8, 40)), int(rng.integers(2, 7))


def after(shape, layer):
    """Return the shape after one layer, which fits."""
    if "return_sequences" in layer or layer["layer"] in ("SimpleRNN", "LSTM", "GRU"):
        return (*(shape[:2] if layer.get(KEEPS) else shape[:1]), layer["units"])
    if layer["layer"] == "Dense":
        return (*shape[:-1], layer["units"])
    if layer["layer"] == "RepeatVector":
        return shape[0], layer["n"], shape[1]
    return (shape[0], int(np.prod(shape[1:]))) if layer["layer"] == "Flatten" else shape


def assert_shapes(learner, asked, message):
    """Ask for the shape after each chain of layers. Then compare all of them."""
    got = [learner.predict_shape(layers_spec, shape) for layers_spec, shape in asked]
    for shape, (layers_spec, first) in zip(got, asked, strict=True):
        expected = first
        for layer in layers_spec:
            expected = after(expected, layer)
        assert same_shape(shape, expected), message
    learner.assert_unchanged()


def same_shape(got, expected):
    """Return True if two shapes are equal. A learner's may contain anything."""
    numbers = all(n is None or isinstance(n, int | np.integer) for n in got)
    return numbers and tuple(got) == tuple(expected)


@pytest.mark.points(0.5, function="predict_shape")
def test_recurrent_layers(learner, rng):
    """A recurrent layer returns its last state, or the states of all steps if asked to."""
    for keeps, says in [
        (None, "The shape after a recurrent layer without the option return_sequences is not right"),
        (False, "The shape after a recurrent layer with return_sequences=False is not right"),
        (True, "The shape after a recurrent layer with return_sequences=True is not right"),
    ]:
        assert_shapes(learner, [([recurrent(rng, keeps)], three_axes(rng)) for _ in range(4)], says)


@pytest.mark.points(0.5, function="predict_shape")
def test_other_layers(learner, rng):
    """The other layers change the shape as Keras's layers do, one by one."""
    sequences, vectors = three_axes(rng), three_axes(rng)[:2]
    for name, layer, shapes in [
        ("a Dense layer after a vector", dense(rng), [vectors]),
        ("a Dense layer after a sequence", dense(rng), [sequences]),
        ("a Dropout layer", dropout(rng), [vectors, sequences]),
        ("a RepeatVector layer", repeat(rng), [vectors]),
        ("a Flatten layer", FLATTEN, [sequences, vectors]),
    ]:
        assert_shapes(learner, [([layer], shape) for shape in shapes], f"The shape after {name} is not right")


@pytest.mark.points(0.5, function="predict_shape")
def test_chains_of_layers(learner, rng):
    """The output of each layer is the input of the next one."""
    chains = [
        [recurrent(rng, True), recurrent(rng, True), recurrent(rng), dense(rng)],
        [recurrent(rng, True), dropout(rng), dense(rng), recurrent(rng, False), dense(rng)],
        [recurrent(rng), repeat(rng), recurrent(rng, True), dense(rng)],
        [dense(rng), recurrent(rng, True), dense(rng), FLATTEN, dense(rng)],
    ]
    asked = [(chain, three_axes(rng)) for chain in chains]
    assert_shapes(learner, asked, "The shape after several layers is not right")


PREDICT_SHAPE = Contract(
    "predict_shape",
    {
        "layers_spec": Domain(
            lambda rng: [recurrent(rng, True), dropout(rng), recurrent(rng), dense(rng)],
            edges={
                "no layers": [],
                "a single layer": lambda rng: [recurrent(rng, True)],
                "many layers": lambda rng: [recurrent(rng, True) for _ in range(30)],
                "a recurrent layer after a Dense layer": lambda rng: [dense(rng), recurrent(rng)],
                "a RepeatVector layer after a recurrent layer": lambda rng: [recurrent(rng), repeat(rng)],
                "two Flatten layers": [FLATTEN, FLATTEN],
                "a layer with a single unit": [{"layer": "GRU", "units": 1, KEEPS: True}],
            },
            excluded={
                "an unknown layer": lambda rng: [recurrent(rng, True), {"layer": "Transformer", "units": 4}],
                "a name in small letters": [{"layer": "lstm", "units": 4}],
                "an unknown layer at the beginning": lambda rng: [{"layer": "RNN", "units": 4}, dense(rng)],
                "a recurrent layer after a last state": lambda rng: [recurrent(rng), recurrent(rng)],
                "a recurrent layer after a Flatten layer": lambda rng: [FLATTEN, recurrent(rng, True)],
                "a last layer that does not fit": lambda rng: [
                    recurrent(rng, True), dense(rng), recurrent(rng, False), dense(rng), recurrent(rng, False)
                ],
                "a RepeatVector layer after a sequence": lambda rng: [recurrent(rng, True), repeat(rng)],
                "two RepeatVector layers": lambda rng: [recurrent(rng), repeat(rng), repeat(rng)],
            },
        ),
        "input_shape": Domain(
            three_axes,
            edges={
                "a fixed number of samples": lambda rng: (int(rng.integers(2, 9)), 12, 3),
                "sequences of an open length": lambda rng: (None, None, int(rng.integers(2, 9))),
                "sequences of a single step": (None, 1, 5),
            },
        ),
    },
    {"shape": Result("The shape is not the one that Keras gives")},
)  # fmt: skip


FIXED_SAMPLES = Contract(
    "predict_shape",
    {
        "layers_spec": Domain(
            lambda rng: [recurrent(rng, True), dense(rng)],
            edges={
                "a Dropout layer": lambda rng: [dropout(rng)],
                "a Flatten layer": [FLATTEN],
                "a RepeatVector layer after a recurrent layer": lambda rng: [recurrent(rng), repeat(rng)],
            },
        ),
        "input_shape": Domain(lambda rng: (int(rng.integers(3, 9)), *three_axes(rng)[1:])),
    },
    {"shape": Result("If the number of samples is fixed, the shape is not the one that Keras gives")},
)


@pytest.mark.points(0.25, function="predict_shape")
def test_shapes_of_every_kind(learner, reference, rng):
    """Chains of any length and open or fixed lengths give the shapes that Keras gives."""
    check_results(PREDICT_SHAPE, learner, reference, rng)
    check_results(FIXED_SAMPLES, learner, reference, rng)


OPEN_LENGTHS = Contract(
    "predict_shape",
    {
        "layers_spec": Domain(
            lambda rng: [recurrent(rng, True), dense(rng)],
            edges={
                "a Flatten layer": [FLATTEN],
                "a Flatten layer after a Dense layer": lambda rng: [dense(rng), FLATTEN],
                "a recurrent layer without return_sequences": lambda rng: [recurrent(rng)],
            },
        ),
        "input_shape": Domain(lambda rng: (None, None, int(rng.integers(2, 9)))),
    },
    {"shape": Result("The shape is not the one that Keras gives for sequences of an open length")},
)


@pytest.mark.points(0.25, function="predict_shape")
def test_open_lengths(learner, reference, rng):
    """An open length stays open, also in a product."""
    check_results(OPEN_LENGTHS, learner, reference, rng)


@pytest.mark.points(0.25, function="predict_shape")
def test_layers_that_do_not_fit(learner, reference, rng):
    """Unknown layers and layers that do not fit raise ValueError; others do not."""
    check_refusals(PREDICT_SHAPE, learner, reference, rng)


# --- stateful_predict: 1.75 points ---


def used_model(rng, sequences, features, outputs=2):
    """Return a stand-in with two stateful layers that have already read another series."""
    units = 4

    def cell(width):
        W, R = rng.normal(size=(width, units)), rng.normal(size=(units, units)) * 0.6
        return lambda x, h: np.tanh(x @ W + h @ R)

    first, last = rng.normal(size=(features, 3)), rng.normal(size=(units, outputs))
    model = StatefulModelStandIn(
        "model",
        [
            LayerStandIn("dense", lambda x: x @ first),
            StatefulLayerStandIn("simple_rnn", (sequences, units), cell(3)),
            StatefulLayerStandIn("simple_rnn_1", (sequences, units), cell(units)),
            LayerStandIn("dense_1", lambda x: x @ last),
        ],
    )
    model._run(rng.normal(size=(sequences, 3, features)))
    return model


def whole_run(model, X):
    """Return what the model answers to the whole series, from a state of zero."""
    for layer in model.layers[1:3]:
        layer.reset_state()
    return model._run(X)


def series(rng, **sizes):
    """Return a random series (B, T, F), for which B, T and F are all different."""
    features, sequences, steps = (int(n) for n in rng.integers((2, 4, 9), (4, 7, 14)))
    return rng.normal(size=(sequences, sizes.get("steps", steps), features))


def is_part(piece, X):
    """Return True if each step that was read is a step of one of the sequences."""
    read, steps = (array.reshape(-1, X.shape[2]) for array in (piece, X))
    return np.isclose(read[:, np.newaxis], steps).all(axis=2).any(axis=1).all()


@pytest.mark.points(0.5, function="stateful_predict")
def test_pieces_make_the_whole(learner, rng):
    """The predictions of the pieces, one after the other, are those of the whole series."""
    for chunk in (3, 5):
        X = series(rng, steps=12)
        model = used_model(rng, len(X), X.shape[2])
        for layer in model.layers[1:3]:  # the next test is about models that are not fresh
            layer.reset_state()
        got = learner.stateful_predict(model, X, chunk)
        expected = whole_run(model, X)
        assert_shape(got, expected.shape, "The result should have one prediction per sequence and step")
        message = "The predictions are not those of the whole series in one piece, from a fresh model"
        assert_allclose(got, expected, message, rtol=1e-4, atol=1e-5)


@pytest.mark.points(0.5, function="stateful_predict")
def test_nothing_remains_of_earlier_series(learner, rng):
    """What the model has read before does not matter."""
    X = series(rng)
    model = used_model(rng, len(X), X.shape[2])
    # ask twice before judging the first, so that both show what a wrong function does
    first, second = (learner.stateful_predict(model, X, 4) for _ in range(2))
    learner.assert_unchanged()
    expected = whole_run(model, X)
    for got, message in [
        (first, "If the model has read another series before, the predictions are not right"),
        (second, "If a model predicts the same series again, the predictions are not the same"),
    ]:
        assert_allclose(got, expected, message, rtol=1e-4, atol=1e-5)


@pytest.mark.points(0.25, function="stateful_predict")
def test_pieces_have_the_length(learner, rng):
    """The model reads pieces of `chunk` steps, each step once; the last piece may be shorter."""
    X, chunk = series(rng, steps=11), 4
    model = used_model(rng, len(X), X.shape[2])
    learner.stateful_predict(model, X, chunk)
    message = (
        "The model reads steps that are not in the series. The last piece may be shorter than the others"
    )
    assert all(is_part(piece, X) for piece in model._pieces), message
    lengths = [piece.shape[1] for piece in model._pieces]
    assert sum(lengths) == X.shape[1], "The model should read each step of the series once"
    assert lengths == [4, 4, 3], "The model should read pieces of `chunk` steps, and then the rest"


STATEFUL_PREDICT = Contract(
    "stateful_predict",
    {
        "model": Domain(lambda rng, X: used_model(rng, X.shape[0], X.shape[-1])),
        "X": Domain(
            series,
            edges={
                "a single sequence": lambda X: X[:1],
                "a single step": lambda X: X[:, :1],
                "a single feature": lambda X: X[:, :, :1],
                "whole numbers": lambda rng, X: rng.integers(-3, 4, size=X.shape),
                "as many sequences as steps": lambda rng: rng.normal(size=(6, 6, 3)),
            },
            excluded={
                "a series without features": lambda rng: rng.normal(size=(3, 8)),
                "a series with an axis too many": lambda X: X[np.newaxis],
            },
        ),
        "chunk": Domain(
            lambda rng: int(rng.integers(2, 6)),
            edges={
                "pieces of one step": 1,
                "one piece": lambda X: X.shape[1],
                "pieces that are longer than the series": lambda X: X.shape[1] + 3,
                "a last piece of one step": lambda X: max(X.shape[1] - 1, 1),
            },
            excluded={"chunk=0": 0, "a negative chunk": -2},
        ),
    },
    {
        "predictions": Result(
            "The predictions are not those of the whole series in one piece",
            "(B, T, n)",
            rtol=1e-4,
            atol=1e-5,
        )
    },
)


@pytest.mark.points(0.25, function="stateful_predict")
def test_pieces_of_every_length(learner, reference, rng):
    """Series of every size in pieces of any length give the predictions of the whole."""
    check_results(STATEFUL_PREDICT, learner, reference, rng)


class AnyShape(StatefulModelStandIn):
    """A stand-in for a model that reads arrays of any shape, so that it raises no ValueError of its own."""

    def predict(self, x, *more, **others):
        """Return sums along the second axis."""
        assert np.size(x), "The model is asked about a piece without steps"
        return np.cumsum(x, axis=1)


@pytest.mark.points(0.25, function="stateful_predict")
def test_impossible_pieces(learner, reference, rng):
    """Other series than (B, T, F) and pieces without a step raise ValueError; others do not."""
    arguments = {**STATEFUL_PREDICT.arguments, "model": Domain(lambda: AnyShape("model", []))}
    contract = Contract("stateful_predict", arguments, STATEFUL_PREDICT.results)
    check_refusals(contract, learner, reference, rng)
