"""Visible tests, which learners can read. The hidden tests use other inputs and check a few more things."""

import numpy as np
import pytest

from grader.testing import Generator, assert_allclose, assert_array_equal, assert_shape

TEXT = "Hello world! This is a simple example of using RNNs for text generation."


def vocabulary(characters):
    """Return the dictionaries char_to_idx and idx_to_char of these characters, in this order."""
    return {c: i for i, c in enumerate(characters)}, dict(enumerate(characters))


@pytest.mark.points(0.5, function="build_vocabulary")
def test_vocabulary_of_the_lesson(learner):
    """The lesson's text of 72 characters has 25 distinct ones, and the space has index 0."""
    chars, char_to_idx, idx_to_char = learner.build_vocabulary(TEXT)
    sizes = (len(chars), len(char_to_idx), len(idx_to_char))
    assert sizes == (25, 25, 25), f"All three results should have 25 entries, but their sizes are {sizes}"
    assert idx_to_char.get(0) == " ", "Index 0 should be the space"
    assert char_to_idx.get(" ") == 0, "The space should have index 0"


@pytest.mark.points(0.5, function="make_char_windows")
def test_windows_of_hello(learner):
    """The windows of length 2 in hello are he → l, el → l, ll → o."""
    X_idx, y_idx = learner.make_char_windows("hello", vocabulary("ehlo")[0], 2)
    assert_array_equal(X_idx, [[1, 0], [0, 2], [2, 2]], "The windows should be he, el and ll")
    assert_array_equal(y_idx, [2, 2, 3], "The targets should be l, l and o")


@pytest.mark.points(0.5, function="make_char_windows")
def test_windows_of_the_lesson(learner):
    """The lesson's text gives 62 windows of 10 characters."""
    X_idx, y_idx = learner.make_char_windows(TEXT, vocabulary(sorted(set(TEXT)))[0], 10)
    assert_shape(X_idx, (62, 10), "X_idx should have shape (62, 10)")
    assert_shape(y_idx, (62,), "y_idx should have shape (62,)")


@pytest.mark.points(0.5, function="encode")
def test_one_hot_by_hand(learner):
    """With three characters, index 2 becomes 0 0 1."""
    X = learner.encode(np.array([[0, 2], [1, 1]]), 3, "one_hot")
    expected = [[[1, 0, 0], [0, 0, 1]], [[0, 1, 0], [0, 1, 0]]]
    assert_array_equal(X, expected, "Each index should become a row with a single 1")


@pytest.mark.points(0.5, function="encode")
def test_scaled_by_hand(learner):
    """With four characters, the indices 0, 1, 2, 3 become 0, 0.25, 0.5, 0.75."""
    X = learner.encode(np.array([[0, 1, 2, 3]]), 4, "scaled")
    assert_allclose(X, [[[0.0], [0.25], [0.5], [0.75]]], "Each index should be divided by 4")


@pytest.mark.points(0.75, function="build_rnn_model")
def test_model_size(learner):
    """For 25 characters and windows of length 10, the model has 19,712 + 3,225 parameters."""
    model = learner.build_rnn_model(10, 25)
    assert model.input_shape == (None, 10, 25), f"The input shape is {model.input_shape}, not (None, 10, 25)"
    assert model.output_shape == (None, 25), f"The output shape is {model.output_shape}, not (None, 25)"
    count = model.count_params()
    assert count == 19_712 + 3_225, f"The model has {count:,} parameters, not 22,937"


@pytest.mark.points(0.5, function="generate_text")
def test_the_alphabet(learner):
    """After abc, a predictor of the next letter generates defg."""
    letters = "abcdefgh"

    def predict(window, **_):
        newest = int(np.argmax(np.ravel(window)[-8:]))
        return np.where(np.arange(8) == newest + 1, 0.93, 0.01)[np.newaxis]

    text = learner.generate_text(predict, "abc", 4, *vocabulary(letters), 3)
    assert text == "abcdefg", f"The text should be 'abcdefg', not {text!r}"


@pytest.mark.points(0.5, function="generate_text")
def test_a_short_start(learner):
    """With L = 5, the first window for Hi has three empty rows, then H, then i."""
    seen = []

    def predict(window, **_):
        seen.append(window)
        return np.array([[0.2, 0.5, 0.3]])

    learner.generate_text(predict, "Hi", 2, *vocabulary("!Hi"), 5)
    assert seen, "predict was never called"
    expected = [[[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]]]
    assert_array_equal(seen[0], expected, "The first window should be three empty rows, H, i")


@pytest.mark.points(0.25, function="generate_text")
def test_a_run_can_be_repeated(learner):
    """At temperature 1, equal generators give equal texts, and different generators give different texts."""

    def predict(window, **_):
        return np.array([[0.4, 0.3, 0.2, 0.1]])

    texts = []
    for seed in (5, 5, 6):
        call = (predict, "ab", 40, *vocabulary("abcd"), 2)
        texts.append(learner.generate_text(*call, temperature=1.0, rng=Generator(seed)))
    assert texts[0] == texts[1], "The same seed should give the same text. Draw only with rng"
    assert texts[0] != texts[2], (
        "A different seed should give a different text. Draw with the rng that is passed in"
    )
