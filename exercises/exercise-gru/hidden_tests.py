"""Hidden tests, which only the judge reads. Inputs come from its seed, and messages never reveal them."""

from typing import NamedTuple

import numpy as np
import pytest

from grader.testing import (
    Contract,
    Domain,
    Mismatch,
    ModelStandIn,
    Result,
    assert_allclose,
    assert_array_equal,
    assert_independent,
    assert_same_compiling,
    assert_same_layers,
    check_refusals,
    check_results,
    optimizer_token,
)

LAYERS = {"rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}
KIND = Domain(
    choices=("rnn", "lstm", "gru"),
    excluded={
        "an unknown kind": "transformer",
        "a kind in capital letters": "LSTM",
        "a kind that starts with a capital letter": "Gru",
        "a kind with a space after it": "rnn ",
        "a part of a kind": "r",
        "an empty kind": "",
    },
)


# --- build_model: 3 points ---


@pytest.mark.points(0.75, function="build_model")
def test_model_structure(learner, reference, rng):
    """There is one recurrent layer of the given kind, returning its last state, and one linear output."""
    for kind in LAYERS:
        length, units, features = (int(n) for n in rng.integers((4, 3, 2), (12, 20, 4)))
        for given in ({"n_features": features}, {}):
            model = learner.build_model(kind, length, units, **given)
            assert_same_layers(model, reference.build_model(kind, length, units, **given))


@pytest.mark.points(0.75, function="build_model")
def test_model_is_compiled(learner, reference, rng):
    """Each kind is compiled with Adam, the given learning rate, and mean squared error."""
    for kind in LAYERS:
        given = {"learning_rate": float(rng.uniform(0.002, 0.02))} if kind != "lstm" else {}
        model = learner.build_model(kind, 6, 4, **given)
        assert_same_compiling(model, reference.build_model(kind, 6, 4, **given))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def rnn_twin(X, W, R, b):
    """Return the last state (n, units) of a SimpleRNN."""
    h = np.zeros((len(X), len(R)))
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W + h @ R + b)
    return h


def lstm_twin(X, W, R, b):
    """Return the last hidden state (n, units) of an LSTM, with gates in Keras's order i, f, c, o."""
    h = c = np.zeros((len(X), len(R)))
    for t in range(X.shape[1]):
        i, f, g, o = np.split(X[:, t] @ W + h @ R + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h


def gru_twin(X, W, R, b):
    """Return the last state (n, units) of a GRU with reset_after=True. Keras's block order is z, r, g."""
    h = np.zeros((len(X), len(R)))
    for t in range(X.shape[1]):
        xz, xr, xg = np.split(X[:, t] @ W + b[0], 3, axis=1)
        hz, hr, hg = np.split(h @ R + b[1], 3, axis=1)
        z = sigmoid(xz + hz)
        h = z * h + (1 - z) * np.tanh(xg + sigmoid(xr + hr) * hg)
    return h


@pytest.mark.points(0.75, function="build_model")
def test_predictions_with_given_weights(learner, rng):
    """With given weights, each model predicts what its cell and a linear layer predict."""
    length, units, features = 5, 3, 2
    twins = {"rnn": (1, rnn_twin), "lstm": (4, lstm_twin), "gru": (3, gru_twin)}
    for kind, (blocks, twin) in twins.items():
        model = learner.build_model(kind, length, units, features)
        width = blocks * units
        bias = (2, width) if kind == "gru" else (width,)
        shapes = [(features, width), (units, width), bias, (units, 1), (1,)]
        if [tuple(weight.shape) for weight in model.weights] != shapes:
            raise Mismatch("The weights do not have the shapes of this kind of layer with Keras's defaults")
        W, R, b, V, d = weights = [rng.normal(size=shape) for shape in shapes]
        model.set_weights(weights)
        X = rng.normal(size=(16, length, features))
        got = np.asarray(model(X, training=False))
        message = f"The predictions differ from those of a default {LAYERS[kind]} and a linear output"
        assert_allclose(got, twin(X, W, R, b) @ V + d, message, rtol=1e-4, atol=1e-4)


@pytest.mark.points(0.5, function="build_model")
def test_each_model_has_its_own_optimizer(learner, rng):
    """Each call returns a model with its own optimizer, even for equal arguments."""
    units = int(rng.integers(3, 9))
    models = [learner.build_model(kind, 6, units) for kind in ("rnn", "lstm", "gru", "gru")]
    assert all(model.compiled for model in models), "A model is not compiled"
    tokens = {optimizer_token(model) for model in models}
    assert_independent(models[2], models[3])
    assert len(tokens) == len(models), "Several models share one optimizer object"


BUILD_MODEL = Contract(
    "build_model",
    {"kind": KIND, "seq_length": Domain(lambda rng: int(rng.integers(4, 9))), "units": Domain(3)},
    {"the output": Result("", "(None, 1)")},
)


@pytest.mark.points(0.25, function="build_model")
def test_other_kinds_are_no_models(learner, reference, rng):
    """The three kinds give models with one output per window; any other kind raises ValueError."""
    check_refusals(BUILD_MODEL, learner, reference, rng)


# --- count_params: 2.25 points ---


def weights_of(kind, units, features, biases=2):
    """Return the reference count. `biases` applies only to the GRU."""
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}[kind]
    return blocks * units * (units + features + (biases if kind == "gru" else 1))


def sizes(rng, n):
    """Return n pairs of units and features."""
    return [(int(u), int(f)) for u, f in zip(rng.integers(2, 300, n), rng.integers(1, 40, n), strict=True)]


@pytest.mark.points(0.75, function="count_params")
def test_simple_rnn_and_lstm(learner, rng):
    """The weights of the simple RNN and the LSTM are counted correctly for any units and features."""
    pairs = sizes(rng, 15)
    for kind in ("rnn", "lstm"):
        # ask for all counts before judging one, so that a wrong formula shows everything that it does
        got = [learner.count_params(kind, units, features) for units, features in pairs]
        expected = [weights_of(kind, units, features) for units, features in pairs]
        assert_array_equal(got, expected, f"The weights of the {LAYERS[kind]} are not counted correctly")


@pytest.mark.points(0.75, function="count_params")
def test_gru(learner, rng):
    """The weights of a GRU with Keras's defaults are counted correctly."""
    pairs = sizes(rng, 15)
    got = [learner.count_params("gru", units, features) for units, features in pairs]
    # the next test checks this; here the call tells an inverted flag from a forgotten bias
    learner.count_params("gru", *pairs[0], reset_after=False)
    expected = [weights_of("gru", units, features) for units, features in pairs]
    assert_array_equal(got, expected, "The weights of a GRU with Keras's defaults are not counted correctly")


@pytest.mark.points(0.25, function="count_params")
def test_reset_after(learner, rng):
    """reset_after changes the count of the GRU and of no other kind."""
    pairs = sizes(rng, 5)
    for kind in ("gru", "rnn", "lstm"):
        got = [learner.count_params(kind, *pair, reset_after=False) for pair in pairs]
        if kind == "gru":
            default = [learner.count_params(kind, *pair) for pair in pairs]
            assert got != default, "The GRU has the same count with and without reset_after"
        expected = [weights_of(kind, *pair, biases=1) for pair in pairs]
        assert_array_equal(got, expected, f"With reset_after=False, the {LAYERS[kind]} count is not correct")


COUNT_PARAMS = Contract(
    "count_params",
    {
        "kind": KIND,
        "units": Domain(
            lambda rng: int(rng.integers(2, 300)), edges={"a single unit": 1, "1000 units": 1000}
        ),
        "n_features": Domain(lambda rng: int(rng.integers(2, 40)), edges={"a single feature": 1}),
        "reset_after": Domain(False, edges={"reset_after=True": True}, optional=True),
    },
    {"count": Result("The weights are not counted correctly")},
)


@pytest.mark.points(0.25, function="count_params")
def test_small_and_large_layers(learner, reference, rng):
    """The weights of small and large layers are counted correctly, with and without reset_after."""
    check_results(COUNT_PARAMS, learner, reference, rng)


@pytest.mark.points(0.25, function="count_params")
def test_small_layers_and_other_kinds(learner, reference, rng):
    """Any kind other than the three raises ValueError."""
    check_refusals(COUNT_PARAMS, learner, reference, rng)


# --- match_units: 1.5 points ---


@pytest.mark.points(0.5, function="match_units")
def test_random_budgets(learner, rng):
    """For any budget, the returned units fit, and one more would not."""
    asked = []
    for kind in LAYERS:
        for units, features in sizes(rng, 3):
            # the same budget for more features, so that a function that ignores them shows it
            budget, more = weights_of(kind, units, features), features + units
            fewer = max(u for u in range(1, units) if weights_of(kind, u, more) <= budget)
            asked += [(kind, budget, features, units), (kind, budget, more, fewer)]
        for units, features in sizes(rng, 6):
            # somewhere between these units and one more, on both sides of the middle
            low, high = weights_of(kind, units, features), weights_of(kind, units + 1, features)
            asked += [(kind, low + int((high - low) * part), features, units) for part in (0.25, 0.75)]
    got = np.array([learner.match_units(*given) for *given, _ in asked])
    expected = np.array([units for *_, units in asked])
    assert (got <= expected).all(), "A layer has more weights than its budget allows"
    assert (got == expected).all(), "A layer could have more units within its budget"


@pytest.mark.points(0.5, function="match_units")
def test_budgets_at_the_edge(learner, rng):
    """A layer that uses its budget exactly fits; with a budget smaller by one, it does not."""
    asked = [(kind, *pair) for kind in LAYERS for pair in sizes(rng, 4)]
    exact, less = (
        np.array(
            [
                learner.match_units(kind, weights_of(kind, units, features) - missing, features)
                for kind, units, features in asked
            ]
        )
        for missing in (0, 1)
    )
    expected = np.array([units for _, units, _ in asked])
    assert (exact >= expected).all(), "A layer with exactly as many weights as the budget should fit"
    assert (exact <= expected).all(), "A layer has more weights than its budget allows"
    assert (less < expected).all(), "A layer with one weight more than the budget should not fit"
    assert (less == expected - 1).all(), "A layer could have more units within its budget"


def enough_for(units, more=0):
    """Return a draw of a budget that fits a layer with this many units, and `more` weights."""
    return lambda kind, n_features: weights_of(kind, units, n_features) + more


MATCH_UNITS = Contract(
    "match_units",
    {
        "kind": KIND,
        "budget": Domain(
            lambda rng, kind, n_features: (
                weights_of(kind, int(rng.integers(2, 100)), n_features) + int(rng.integers(2, 9))
            ),
            edges={
                "a budget for exactly one unit": enough_for(1),
                "a budget just too small for two units": enough_for(2, -1),
                "a budget for exactly two units": enough_for(2),
                "a large budget": enough_for(800, 100),
            },
            excluded={
                "a budget just too small for one unit": enough_for(1, -1),
                "a budget of 0": 0,
                "a negative budget": -5,
            },
        ),
        "n_features": Domain(lambda rng: int(rng.integers(2, 40)), edges={"a single feature": 1}),
    },
    {"units": Result("The result is not the largest number of units that fits")},
)


@pytest.mark.points(0.25, function="match_units")
def test_budgets_of_every_size(learner, reference, rng):
    """Small, large and exact budgets give the largest number of units that fits."""
    check_results(MATCH_UNITS, learner, reference, rng)


@pytest.mark.points(0.25, function="match_units")
def test_budgets_too_small(learner, reference, rng):
    """If not even one unit fits, or for any other kind, ValueError is raised."""
    check_refusals(MATCH_UNITS, learner, reference, rng)


# --- compare: 3.75 points ---


class Linear(ModelStandIn):
    """A stand-in for a Keras model: a linear layer on the whole window.

    Its initial weights depend on its name and seed. Each epoch moves them part of the
    way to the best fit of the data, and another call to `fit` continues from there.
    So its errors show how it was built, what it was trained on, and for how long.
    """

    def __init__(self, name, seed, length, params):
        super().__init__(f"{name}, seed {seed}", params)
        first = np.random.default_rng([int.from_bytes(name.encode(), "big"), int(seed)])
        self._weights = first.normal(size=length)
        self._kept = first.uniform(0.6, 0.9)
        self._seed = int(seed)

    def _learn(self, x, y):
        best = np.linalg.lstsq(self._windows(x), y, rcond=None)[0]
        self._weights = best + (self._weights - best) * self._kept

    def _answer(self, x):
        return self._windows(x) @ self._weights

    def _windows(self, x):
        if x.ndim < 2 or x[0].size != len(self._weights):
            raise ValueError("the model was built for windows of a different shape")
        return x.reshape(len(x), -1)


class Bench(NamedTuple):
    """Builders of stand-ins and the conditions of their comparison."""

    builders: dict
    data: tuple
    epochs: int
    seeds: list
    params: dict
    built: dict  # name -> the models that were built

    def run(self, learner):
        """Return the result of the learner's function, which has the required entries."""
        results = learner.compare(self.builders, self.data, self.epochs, self.seeds)
        for name in self.builders:
            if not isinstance(results.get(name), dict):
                raise Mismatch("The result does not contain a dict for each name")
            if not {"train_mse", "test_mse", "params"} <= set(results[name]):
                raise Mismatch('An entry of the result lacks "train_mse", "test_mse" or "params"')
        return results

    def separate_results(self, learner):
        """Return the result, in which names do not share an entry."""
        results = self.run(learner)
        # sizes and errors differ by name, so entries are equal only if they are one object or a copy
        if len(self.builders) > 1 and len({str(results[name]) for name in self.builders}) == 1:
            raise Mismatch("All names have the same entry in the result. Give each name an entry of its own")
        return results

    def expected(self, part):
        """Return the correct errors: name -> one per seed."""
        X_train, X_test, y_train, y_test = self.data
        where = (X_train, y_train) if part == "train" else (X_test, y_test)
        errors = {}
        for name, build in bench_builders(self.params, X_train.shape[1], {}).items():
            models = [build(seed) for seed in self.seeds]
            for model in models:
                model.fit(X_train, y_train, epochs=self.epochs)
            errors[name] = [model.evaluate(*where) for model in models]
        return errors

    def trained(self, name):
        return [model for model in self.built[name] if model._fits]


def bench_builders(params, length, built):
    def builder(name):
        def build(seed):
            model = Linear(name, seed, length, params[name])
            built.setdefault(name, []).append(model)
            return model

        return build

    return {name: builder(name) for name in params}


def bench(rng, kinds=3, seeds=4, epochs=None, n_test=None):
    """Return a comparison of several kinds on random data. Their names are not those in the lesson.

    There is more data in each part than Keras puts into a batch by default.
    """
    length, n_train = int(rng.integers(3, 7)), int(rng.integers(40, 60))
    n_test = n_test or int(rng.integers(34, 40))
    data = (
        rng.normal(size=(n_train, length, 1)),
        rng.normal(size=(n_test, length, 1)),
        rng.normal(size=n_train),
        rng.normal(size=n_test),
    )
    names = [f"cell {letter}" for letter in rng.permutation(list("abcdefgh"))[:kinds]]
    counts = rng.permutation(np.arange(50, 900))[:kinds]
    params = {name: int(count) for name, count in zip(names, counts, strict=True)}
    drawn = [int(seed) for seed in rng.permutation(100)[:seeds]]
    built = {name: [] for name in names}
    epochs = epochs or int(rng.integers(2, 5))
    return Bench(bench_builders(params, length, built), data, epochs, drawn, params, built)


def errors(result, key):
    """Return a list of errors as an array. The comparison shows whether there is one per seed."""
    try:
        return np.asarray(result[key], dtype=np.float64)
    except (TypeError, ValueError):
        raise Mismatch(f'"{key}" should be a list with one number per seed') from None


@pytest.mark.points(0.75, function="compare")
def test_training_errors(learner, rng):
    """The training errors are those of the trained models, one per seed."""
    given = bench(rng)
    results = given.separate_results(learner)
    for name, expected in given.expected("train").items():
        message = "Fresh models that are trained once for `epochs` epochs have other training errors"
        assert_allclose(errors(results[name], "train_mse"), expected, message, rtol=1e-4)


@pytest.mark.points(1, function="compare")
def test_test_errors(learner, rng):
    """The test errors are those of the trained models on the test data, one per seed."""
    given = bench(rng)
    results = given.separate_results(learner)
    for name, expected in given.expected("test").items():
        message = "Fresh models that are trained once for `epochs` epochs have other test errors"
        assert_allclose(errors(results[name], "test_mse"), expected, message, rtol=1e-4)


@pytest.mark.points(0.75, function="compare")
def test_each_run_has_a_fresh_model(learner, rng):
    """Each run has a fresh model, which is trained by a single call to fit."""
    given = bench(rng)
    given.run(learner)
    for name in given.builders:
        trained = given.trained(name)
        assert all(len(model._fits) == 1 for model in trained), "fit was called more than once for a model"
        assert len(trained) == len(given.seeds), "There should be one trained model for each name and seed"


@pytest.mark.points(0.75, function="compare")
def test_conditions_are_the_same(learner, rng):
    """All kinds are trained with the given seeds, the same training data, and the same number of epochs."""
    given = bench(rng)
    given.run(learner)
    y_train = np.sort(given.data[2])
    for name in given.builders:
        trained = given.trained(name)
        seeds = sorted(model._seed for model in trained)
        assert seeds == sorted(given.seeds), "The trained models were not built from the given seeds"
        for model in trained:
            # another test counts the calls of fit
            epochs = sum(epochs for _, epochs in model._fits)
            assert epochs == given.epochs, "A model was not trained for `epochs` epochs"
            for y, _ in model._fits:
                same = len(y) == len(y_train) and np.allclose(np.sort(y), y_train, rtol=1e-5)
                assert same, "A model was not trained on the given training data"


@pytest.mark.points(0.25, function="compare")
def test_sizes_and_lists(learner, rng):
    """Each kind has its own size and lists with one error per seed; the data are not modified."""
    given = bench(rng)
    results = given.separate_results(learner)
    learner.assert_unchanged()
    for name, params in given.params.items():
        assert_array_equal(results[name]["params"], params, '"params" should be the number of weights')
        is_int = isinstance(results[name]["params"], int | np.integer)
        assert is_int, '"params" should be an int'
        for key in ("train_mse", "test_mse"):
            listed = type(results[name][key]) in (list, tuple) and len(results[name][key]) == len(given.seeds)
            assert listed, f'"{key}" should be a list with one number per seed'


@pytest.mark.points(0.25, function="compare")
def test_unusual_comparisons(learner, rng):
    """A single kind, a single seed, a repeated seed, one epoch and one test window are no exceptions."""
    several = bench(rng)
    for label, given in [
        ("a single kind", bench(rng, kinds=1)),
        ("a single seed", bench(rng, seeds=1)),
        ("a seed that is repeated", several._replace(seeds=[*several.seeds, several.seeds[0]])),
        ("a single epoch", bench(rng, epochs=1)),
        ("a single test window", bench(rng, n_test=1)),
    ]:
        results = given.separate_results(learner)
        for part in ("train", "test"):
            for name, expected in given.expected(part).items():
                got = errors(results[name], f"{part}_mse")
                assert_allclose(got, expected, f"The errors are not right for {label}", rtol=1e-4)
