"""Hidden tests. A message says what is wrong in the learner's terms and never holds an input."""

import pytest

from grader.testing import assert_allclose, assert_array_equal


def drawn_text(rng, lengths):
    """Return a text whose sentences have these numbers of words."""
    sentences = [" ".join(["word"] * length) for length in lengths]
    return " ".join(f"{sentence}{rng.choice(['.', '!', '?', '...'])}" for sentence in sentences)


@pytest.mark.points(2, function="sentence_lengths")
def test_sentence_lengths_of_any_text(learner, rng):
    """Every sentence is measured, and nothing else."""
    lengths = rng.integers(1, 9, size=12)
    found = learner.sentence_lengths(drawn_text(rng, lengths))
    assert len(found) == len(lengths), "The number of sentences is not right"
    assert_array_equal(found, lengths, "The number of words of a sentence is not right")


@pytest.mark.points(1, function="sentence_lengths")
def test_whole_numbers(learner, rng):
    """The lengths are integers, even if there are none."""
    for count in (0, 3):
        found = learner.sentence_lengths(drawn_text(rng, rng.integers(1, 9, size=count)))
        assert found.dtype.kind == "i", "The array should hold integers"


@pytest.mark.points(2, function="share_of_long")
def test_share_of_long_of_any_text(learner, rng):
    """The share counts the sentences above the limit, not those at the limit."""
    lengths = [*rng.integers(1, 9, size=12), 4, 5]
    for limit in (4, 5):
        right = sum(length > limit for length in lengths) / len(lengths)
        found = learner.share_of_long(drawn_text(rng, lengths), limit)
        assert_allclose(found, right, "The share of the long sentences is not right")


@pytest.mark.points(1, function="share_of_long")
def test_limit_by_default(learner, rng):
    """Without a limit, sentences with more than 20 words are long."""
    lengths = [20, 21, *rng.integers(1, 40, size=8)]
    right = sum(length > 20 for length in lengths) / len(lengths)
    assert_allclose(
        learner.share_of_long(drawn_text(rng, lengths)), right, "Sentences above 20 words are long"
    )


@pytest.mark.points(1, function="share_of_long")
def test_no_sentences(learner):
    """A text without sentences has the share 0."""
    assert_allclose(learner.share_of_long(""), 0.0, "The share should be 0 without sentences")
