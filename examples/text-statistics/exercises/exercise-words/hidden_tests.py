"""Hidden tests. A message says what is wrong in the learner's terms and never holds an input."""

import pytest

WORDS = ("a", "tree", "don't", "grows", "it's", "Green", "THE", "sky")
MARKS = (" ", ", ", ". ", "! ", "\n", " - ")
ENDS = (*MARKS, " 'quoted' ")


def drawn_text(rng, count):
    """Return a text of words with punctuation between them."""
    return "".join(f"{rng.choice(WORDS)}{rng.choice(ENDS)}" for _ in range(count))


def tied_text(rng):
    """Return a text in which the first two words of the right order are tied, and so are the next two.

    In the first pair, the word that is later in the alphabet comes first in the text. In the
    second pair it comes last. So an order by place in the text is wrong, from either end.
    """
    drawn = [str(word).lower() for word in rng.permutation(WORDS)[:4]]
    (early, late), (early_too, late_too) = sorted(drawn[:2]), sorted(drawn[2:])
    ordered = [late, early] * 3 + [early_too, late_too] * 2
    return "".join(f"{word}{rng.choice(MARKS)}" for word in ordered)


@pytest.mark.points(2, function="words")
def test_words_of_any_text(learner, reference, rng):
    """Any text is cut into its words."""
    text = drawn_text(rng, 30)
    found = learner.words(text)
    right = reference.words(text)
    assert len(found) == len(right), "There are too many words, or too few"
    assert found == right, "Some words are not right, or their order is not"


@pytest.mark.points(1, function="words")
def test_no_words(learner, rng):
    """A text without letters has no words."""
    assert learner.words(str(rng.integers(10, 99))) == [], "Digits are not words"


@pytest.mark.points(2, function="most_common")
def test_most_common_of_any_text(learner, reference, rng):
    """The most frequent words come first, and the alphabet decides between equal counts."""
    for text in (drawn_text(rng, 40), tied_text(rng)):
        for n in (1, 3, 5, 20):
            assert learner.most_common(text, n) == reference.most_common(text, n), (
                "Some words, or their order, are not right"
            )


@pytest.mark.points(1, function="most_common")
def test_three_words_by_default(learner, reference, rng):
    """Without n, there are three words."""
    text = tied_text(rng)
    assert learner.most_common(text) == reference.most_common(text), (
        "They should be the three most frequent words"
    )


@pytest.mark.points(1, function="most_common")
def test_no_number_below_one(learner):
    """A number below 1 is refused."""
    for n in (0, -1):
        with learner.raises(ValueError, "for a number below 1"):
            learner.most_common("to be or not to be", n)


@pytest.mark.points(2, function="most_common_in")
def test_most_common_in_any_file(learner, reference, rng):
    """Each file is read to its end."""
    for file in ("data/fable.txt", "data/rhyme.txt"):
        n = int(rng.integers(4, 12))
        assert learner.most_common_in(file, n) == reference.most_common_in(file, n), (
            "Some words, or their order, are not right"
        )


@pytest.mark.points(1, function="most_common_in")
def test_three_words_of_a_file_by_default(learner, reference):
    """Without n, there are three words of the file."""
    file = "data/rhyme.txt"
    assert learner.most_common_in(file) == reference.most_common_in(file), (
        "They should be the three most frequent words of the file"
    )
