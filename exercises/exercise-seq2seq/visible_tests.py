"""Visible tests, which learners can read. The hidden tests use other inputs and check a few more things."""

import numpy as np
import pytest

from grader.testing import assert_array_equal, assert_shape


@pytest.mark.points(0.5, function="teacher_forcing")
def test_two_words(learner):
    """For the targets 3 1 2 9 and 4 4 9 9 and the start symbol 0, the inputs are 0 3 1 2 and 0 4 4 9."""
    target_idx = np.array([[3, 1, 2, 9], [4, 4, 9, 9]])
    dec_in, dec_out = learner.teacher_forcing(target_idx, 0)
    assert_shape(dec_in, (2, 4), "dec_in should have shape (2, 4)")
    assert_array_equal(dec_in, [[0, 3, 1, 2], [0, 4, 4, 9]], "The inputs should be 0 3 1 2 and 0 4 4 9")
    assert_array_equal(dec_out, target_idx, "The targets should be 3 1 2 9 and 4 4 9 9")


@pytest.mark.points(0.5, function="build_seq2seq")
def test_model_size(learner):
    """For 8 and 10 symbols and 16 units, the model has 3,498 parameters and an output per step."""
    model = learner.build_seq2seq(8, 10, units=16)
    inputs = [tuple(one.shape) for one in model.inputs]
    assert inputs == [(None, None, 8), (None, None, 10)], f"The shapes of the inputs are {inputs}"
    shape = model.output_shape
    assert shape == (None, None, 10), f"The output shape is {shape}, not (None, None, 10)"
    assert model.count_params() == 3_498, f"The model has {model.count_params():,} parameters, not 3,498"


@pytest.mark.points(0.5, function="greedy_decode")
def test_counting_down(learner):
    """A decoder that counts down from its state writes 3 2 1 and ends with 0."""

    def step(symbol, state):
        probabilities = np.full(6, 0.1)
        probabilities[state] = 0.5
        return probabilities, state - 1

    symbols = learner.greedy_decode(step, 3, 5, 0, 10)
    assert symbols == [3, 2, 1], "The symbols should be 3, 2, 1"
