"""Visible tests, which learners can read. The hidden tests use other inputs and check a few more things."""

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_shape, free

NUMBERS = np.array([[[1.0], [2.0], [3.0], [4.0]]])  # one sequence of four steps


def add(x, h):
    """A cell whose state is the sum of all inputs that it has read."""
    return x if h is None else h + x


@pytest.mark.points(0.5, function="bidirectional_forward")
def test_running_sums(learner):
    """For 1, 2, 3, 4 and cells that add, the rows are (1, 10), (3, 9), (6, 7) and (10, 4)."""
    result = learner.bidirectional_forward(NUMBERS, add, add, "concat")
    assert_shape(result, (1, 4, 2), "The result should have shape (1, 4, 2)")
    steps = np.arange(4)
    lines = {"forward": (steps, result[0, :, 0]), "backward": (steps, result[0, :, 1])}
    learner.plot("Sums of 1, 2, 3, 4, read from both ends", lines, xlabel="row")
    rows = [[[1, 10], [3, 9], [6, 7], [10, 4]]]
    assert_allclose(result, rows, "Each row should hold the sum up to its step and the sum from its step on")


@pytest.mark.points(0.25, function="bidirectional_forward")
def test_merged_sums(learner):
    """For the same cells, 'sum' gives 11, 12, 13, 14, and 'ave' half as much."""
    total = learner.bidirectional_forward(NUMBERS, add, add, merge="sum")
    assert_allclose(total, [[[11], [12], [13], [14]]], "With merge='sum', the rows should be 11, 12, 13, 14")
    mean = learner.bidirectional_forward(NUMBERS, add, add, merge="ave")
    assert_allclose(mean, [[[5.5], [6], [6.5], [7]]], "With merge='ave', the rows should be 5.5, 6, 6.5, 7")


@pytest.mark.points(0.5, function="build_bidirectional")
def test_model_size(learner):
    """With 8 units, 3 features and 2 outputs, the model has 802 weights for 'concat' and 786 for 'sum'."""
    for merge, weights in [("concat", 802), ("sum", 786)]:
        model = learner.build_bidirectional(6, 3, 8, 2, merge)
        assert model.input_shape == (None, 6, 3), f"The input shape is {model.input_shape}, not (None, 6, 3)"
        assert model.output_shape == (None, 6, 2), (
            f"The output shape is {model.output_shape}, not (None, 6, 2)"
        )
        assert model.count_params() == weights, (
            f"With merge={merge!r}, the model has {model.count_params():,} weights, not {weights:,}"
        )


@free
def sum_so_far(x, **_):
    """A network whose output at each step is the sum of the inputs up to this step."""
    return np.cumsum(x, axis=1)


@free
def sum_from_here(x, **_):
    """A network whose output at each step is the sum of the inputs from this step on."""
    return np.cumsum(x[:, ::-1], axis=1)[:, ::-1]


@pytest.mark.points(0.5, function="is_causal")
def test_running_sums_of_a_network(learner):
    """A sum of all inputs so far is causal; a sum of all inputs from here on is not."""
    assert learner.is_causal(sum_so_far, 5, 2), "The sum of the inputs so far is causal, so return True"
    assert not learner.is_causal(sum_from_here, 5, 2), (
        "The sum of the inputs from here on depends on later inputs, so return False"
    )
