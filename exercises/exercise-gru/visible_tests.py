"""Visible tests, which learners can read. The hidden tests use other inputs and check a few more things."""

import numpy as np
import pytest

from grader.testing import StandIn, assert_allclose, assert_array_equal, free


@pytest.mark.points(1, function="build_model")
def test_three_models(learner):
    """With 50 units and windows of 10, the models have 2,651, 10,451 and 8,001 weights and one output."""
    for kind, weights in [("rnn", 2_651), ("lstm", 10_451), ("gru", 8_001)]:
        model = learner.build_model(kind, 10, 50)
        assert model.input_shape == (None, 10, 1), (
            f"The input shape is {model.input_shape}, not (None, 10, 1)"
        )
        assert model.output_shape == (None, 1), f"The output shape is {model.output_shape}, not (None, 1)"
        assert model.count_params() == weights, (
            f"The {kind} has {model.count_params():,} weights, not {weights:,}"
        )


@pytest.mark.points(0.75, function="count_params")
def test_fifty_units(learner):
    """With 50 units and 1 feature, the layers have 2,600, 10,400 and 7,950 weights."""
    for kind, weights in [("rnn", 2_600), ("lstm", 10_400), ("gru", 7_950)]:
        count = learner.count_params(kind, 50, 1)
        assert_array_equal(count, weights, f"The layer '{kind}' should have {weights:,} weights")


@pytest.mark.points(0.5, function="match_units")
def test_budget_of_the_lstm(learner):
    """With as many weights as an LSTM with 50 units, the simple RNN can have 100 units and the GRU 57."""
    for kind, units in [("rnn", 100), ("lstm", 50), ("gru", 57)]:
        got = learner.match_units(kind, 10_400, 1)
        assert_array_equal(got, units, f"With at most 10,400 weights, '{kind}' should have {units} units")


class Fading(StandIn):
    """A stand-in for a model. It predicts one number, which starts as the seed; every epoch halves it."""

    def __init__(self, name, seed, weights):
        super().__init__(f"{name}, seed {seed}")
        self._value = float(seed)
        self._weights = weights
        self._fits = 0

    # further arguments are in *more, in Keras's order (batch size, epochs), or in **others
    def fit(self, x, y, *more, epochs=1, **others):
        same_length(x, y)
        epochs = more[1] if len(more) > 1 else epochs
        validation = others.get("validation_data")
        losses = {"loss": [], **({"val_loss": []} if validation else {})}
        for _ in range(others.get("initial_epoch", 0), epochs):
            losses["loss"].append(self.evaluate(x, y))
            self._value /= 2
            if validation:
                losses["val_loss"].append(self.evaluate(*validation))
        self._fits += 1
        return History(self, losses)

    @free
    def predict(self, x, *more, **others):
        return np.full((len(x), 1), self._value)

    @free
    def evaluate(self, x, y, *more, return_dict=False, **others):
        same_length(x, y)
        mse = float(np.mean((self._value - y) ** 2))
        return {"loss": mse} if return_dict else mse

    @free
    def count_params(self):
        return self._weights


class History(StandIn):
    """The return value of `fit`."""

    def __init__(self, model, losses):
        super().__init__(f"history of {model}")
        self.history = losses


def same_length(x, y):
    if len(x) != len(y):
        raise ValueError(f"Data cardinality is ambiguous: x has {len(x)} samples, y has {len(y)}")


# the training targets are 0, the test targets are 1
DATA = (np.zeros((6, 4, 1)), np.zeros((3, 4, 1)), np.zeros(6), np.ones(3))
SIZES = {"small": 30, "large": 90}


class Builder:
    """A builder of stand-ins. Called with a seed, it builds one and keeps it in a list."""

    def __init__(self, name):
        self.name = name
        self.built = []

    def __call__(self, seed):
        self.built.append(Fading(self.name, seed, SIZES[self.name]))
        return self.built[-1]

    def __repr__(self):
        return f"builder of {self.name}"


def builders():
    return {name: Builder(name) for name in SIZES}


@pytest.mark.points(0.75, function="compare")
def test_stand_ins_are_compared(learner):
    """Models that predict 0.5 and 1 have training errors 0.25 and 1, and test errors 0.25 and 0."""
    # two epochs turn 2 into 0.5, and 4 into 1
    results = learner.compare(builders(), DATA, 2, [2, 4])
    assert set(results) == {"small", "large"}, "There should be one entry per name"
    for name, result in results.items():
        for key in ("train_mse", "test_mse", "params"):
            assert isinstance(result, dict) and key in result, f"The entry of '{name}' has no '{key}'"
        for key in ("train_mse", "test_mse"):
            assert type(result[key]) in (list, tuple), f"'{key}' should be a list"
        assert_allclose(result["train_mse"], [0.25, 1], f"The training errors of '{name}' are not 0.25 and 1")
        assert_allclose(result["test_mse"], [0.25, 0], f"The test errors of '{name}' are not 0.25 and 0")
        assert_array_equal(result["params"], SIZES[name], f"The 'params' of '{name}' should be {SIZES[name]}")


@pytest.mark.points(0.5, function="compare")
def test_one_fit_for_each_model(learner):
    """Each of three seeds gets its own model, and each model gets one call to fit."""
    given = builders()
    learner.compare(given, DATA, epochs=1, seeds=[5, 6, 7])
    for name in SIZES:
        fits = [model._fits for model in given[name].built if model._fits]
        assert fits == [1, 1, 1], f"'{name}' should have 3 models with 1 fit each, but the fits are {fits}"
