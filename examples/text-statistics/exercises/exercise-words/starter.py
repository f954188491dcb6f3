"""Counting words: write the 3 functions below. The docstrings say what to do.

Check your work with:  course check exercise-words
"""


def words(text):
    """Return the words of `text` in lower case, in their order.

    A word is a run of letters a to z, with apostrophes between letters: "Don't" is one word.
    """
    raise NotImplementedError("words")


def most_common(text, n=3):
    """Return the `n` most frequent words of `text`, the most frequent first.

    Words that are equally frequent are in alphabetical order. If there are fewer words than `n`,
    return them all. Raise `ValueError` if `n` is less than 1.
    """
    raise NotImplementedError("most_common")


def most_common_in(path, n=3):
    """Return the `n` most frequent words of a text file, as `most_common` does.

    `path` is the path of the file, which is UTF-8.
    """
    raise NotImplementedError("most_common_in")


if __name__ == "__main__":
    print(most_common_in("data/fable.txt"))
