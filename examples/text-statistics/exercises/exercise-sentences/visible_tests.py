"""Visible tests, which learners can read. The hidden tests use other inputs."""

import pytest

from grader.testing import assert_allclose, assert_array_equal


@pytest.mark.points(1, function="sentence_lengths")
def test_sentence_lengths_of_an_example(learner):
    """Three sentences have one, three and two words."""
    found = learner.sentence_lengths("Stop! Do not go. Why not?")
    assert_array_equal(found, [1, 3, 2], "The lengths should be 1, 3 and 2")


@pytest.mark.points(1, function="share_of_long")
def test_share_of_long_of_an_example(learner):
    """One of two sentences has more than two words."""
    found = learner.share_of_long("Stop now. Do not go.", 2)
    assert_allclose(found, 0.5, "The share should be one half")
