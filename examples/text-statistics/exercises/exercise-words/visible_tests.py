"""Visible tests, which learners can read. The hidden tests use other inputs."""

import pytest


@pytest.mark.points(1, function="words")
def test_words_of_an_example(learner):
    """Punctuation and capitals do not matter."""
    found = learner.words("The cat. The dog!")
    assert found == ["the", "cat", "the", "dog"], "The words should be the, cat, the and dog"


@pytest.mark.points(1, function="most_common")
def test_most_common_of_an_example(learner):
    """Two words occur twice, and one of them comes first in the alphabet."""
    found = learner.most_common("to be or not to be", 2)
    assert found == ["be", "to"], "The two most frequent words should be be and to"


@pytest.mark.points(1, function="most_common_in")
def test_most_common_in_the_fable(learner):
    """The fable is about a pitcher."""
    found = learner.most_common_in("data/fable.txt", 3)
    assert found == ["the", "a", "pitcher"], "They should be the, a and pitcher"
