"""Visible tests, which learners can read. The hidden tests use other inputs and check a few more things."""

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_shape

# one query, three keys and their values; the scores are 2, 0 and 2
Q = np.array([[[2.0, 0.0]]])
K = np.array([[[1.0, 0.0], [0.0, 1.0], [1.0, 5.0]]])
V = np.array([[[10.0], [20.0], [30.0]]])

# the sentence of section 12.4: what each word asks for, and what it offers (noun, verb, other)
WORDS = ["the", "cat", "chased", "the", "mouse"]
ASKS = np.array([[[2, 0, 0], [0, 2, 0], [2, 0, 0], [2, 0, 0], [0, 2, 0]]], dtype=float)
OFFERS = np.array([[[0, 0, 1], [2, 0, 0], [0, 2, 0], [0, 0, 1], [2, 0, 0]]], dtype=float)


@pytest.mark.points(0.25, function="attention")
def test_three_scores(learner):
    """Unscaled scores of 2, 0 and 2 give the weights 0.468, 0.063 and 0.468."""
    out, weights = learner.attention(Q, K, V, scale=False)
    assert_shape(weights, (1, 1, 3), "weights should have shape (1, 1, 3)")
    assert_allclose(
        weights[0, 0], [0.46831, 0.06338, 0.46831], "The weights should be 0.468, 0.063 and 0.468", rtol=1e-3
    )
    assert_shape(out, (1, 1, 1), "out should have shape (1, 1, 1)")
    assert_allclose(out[0, 0], [20], "The weighted average of 10, 20 and 30 should be 20", rtol=1e-3)


@pytest.mark.points(0.25, function="attention")
def test_one_key_is_hidden(learner):
    """If the query may not look at the last key, the scaled scores give 0.804, 0.196 and 0."""
    mask = np.array([[[True, True, False]]])
    out, weights = learner.attention(Q, K, V, mask=mask)
    message = "The weights should be 0.804, 0.196 and 0"
    assert_allclose(weights[0, 0], [0.80443, 0.19557, 0], message, rtol=1e-3, atol=1e-6)
    assert_allclose(out[0, 0], [11.9557], "The weighted average should be 11.96", rtol=1e-3)


@pytest.mark.points(0.5, function="attention")
def test_no_word_sees_a_later_one(learner):
    """In the lesson's sentence, with a causal mask, "chased" gives 0.83 of its weight to "cat"."""
    # the first four words look, and nobody may look at the last one
    causal = np.tril(np.ones((1, 4, 5), dtype=bool))
    _, weights = learner.attention(ASKS[:, :4], OFFERS, OFFERS, mask=causal)
    assert_shape(weights, (1, 4, 5), "weights should have shape (1, 4, 5)")
    lines = {f"query {i + 1}: {WORDS[i]}": (np.arange(1, 6), weights[0, i]) for i in (1, 2, 3)}
    learner.plot("Who looks at whom", lines, f"keys 1 to 5: {', '.join(WORDS)}", "weight")
    message = "The weights of chased should be 0.083, 0.834, 0.083, 0 and 0"
    assert_allclose(weights[0, 2], [0.0829, 0.8342, 0.0829, 0, 0], message, rtol=1e-2, atol=1e-6)
    message = "The first word should look at itself only"
    assert_allclose(weights[0, 0], [1, 0, 0, 0, 0], message, rtol=1e-3, atol=1e-6)


@pytest.mark.points(0.5, function="build_attention_model")
def test_model_size(learner):
    """For sequences of 10 steps, the model has 1,169 parameters and one output."""
    model = learner.build_attention_model(10)
    assert model.output_shape == (None, 1), f"The output shape is {model.output_shape}, not (None, 1)"
    assert model.count_params() == 1_169, f"The model has {model.count_params():,} parameters, not 1,169"
