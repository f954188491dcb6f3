"""Visible tests, which learners can read. The hidden tests use other inputs and check a few more things."""

import numpy as np
import pytest

from grader.testing import StandIn, assert_allclose, free


@pytest.mark.points(0.25, function="build_many_to_one")
def test_one_answer(learner):
    """With 8 units and 2 outputs, 10 steps of 3 features give the shape (None, 2), with 250 weights."""
    model = learner.build_many_to_one(10, 3, 8, 2)
    assert model.output_shape == (None, 2), f"The output shape is {model.output_shape}, not (None, 2)"
    assert model.count_params() == 250, f"The model has {model.count_params()} weights, not 250"


@pytest.mark.points(0.25, function="build_many_to_many")
def test_an_answer_per_step(learner):
    """With 8 units and 2 outputs per step, 10 steps of 3 features give (None, 10, 2), with 114 weights."""
    model = learner.build_many_to_many(10, 3, 8, 2)
    assert model.output_shape == (None, 10, 2), f"The output shape is {model.output_shape}, not (None, 10, 2)"
    assert model.count_params() == 114, f"The model has {model.count_params()} weights, not 114"
    shape = learner.build_many_to_many(10, 3, 8, 2, batch_size=4).input_shape
    assert shape == (4, 10, 3), f"With batch_size=4, the input shape is {shape}, not (4, 10, 3)"


@pytest.mark.points(0.25, function="predict_shape")
def test_two_layers(learner):
    """Two recurrent layers turn (None, 10, 3) into (None, 10, 8), then into (None, 4)."""
    first = {"layer": "LSTM", "units": 8, "return_sequences": True}
    second = {"layer": "SimpleRNN", "units": 4}
    for layers_spec, expected in [([first], (None, 10, 8)), ([first, second], (None, 4))]:
        shape = learner.predict_shape(layers_spec, (None, 10, 3))
        assert shape == expected, f"The shape after {len(layers_spec)} of the layers should be {expected}"


class Copy(StandIn):
    """A layer without a state. It returns what it reads."""

    def __init__(self):
        super().__init__("copy")


class Total(StandIn):
    """A stateful layer. Its state is the sum of all values that it has read; it has read some before."""

    def __init__(self):
        super().__init__("total")
        self.stateful = True
        self._total = 100.0

    @free
    def reset_state(self):
        self._total = 0.0

    @free
    def reset_states(self):
        self.reset_state()


class Summing(StandIn):
    """A stand-in for a model. At each step, it answers with the sum of all values so far."""

    def __init__(self):
        super().__init__("model")
        self.layers = [Copy(), Total()]

    def predict(self, x, *more, **others):
        sums = self.layers[1]._total + np.cumsum(x, axis=1)
        self.layers[1]._total = sums[:, -1:]
        return sums

    @free
    def predict_on_batch(self, x):
        return self.predict(x)


@pytest.mark.points(0.25, function="stateful_predict")
def test_running_sums(learner):
    """The running sums of 1 to 6 are 1, 3, 6, 10, 15, 21, in pieces of any length."""
    X = np.arange(1.0, 7.0).reshape(1, 6, 1)
    for chunk in (6, 3, 4):
        sums = learner.stateful_predict(Summing(), X, chunk)
        message = f"In pieces of {chunk} steps, the sums should be 1, 3, 6, 10, 15, 21"
        assert_allclose(sums, np.cumsum(X, axis=1), message)
