import re
from collections import Counter
from pathlib import Path


def words(text: str) -> list:
    """Return the words of `text` in lower case, in their order.

    A word is a run of letters a to z, with apostrophes between letters: "Don't" is one word.
    """
    return re.findall(r"[a-z]+(?:'[a-z]+)*", text.lower())


def most_common(text: str, n: int = 3) -> list:
    """Return the `n` most frequent words of `text`, the most frequent first.

    Words that are equally frequent are in alphabetical order. If there are fewer words than `n`,
    return them all. Raise `ValueError` if `n` is less than 1.
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
    counts = Counter(words(text))
    return sorted(counts, key=lambda word: (-counts[word], word))[:n]


def most_common_in(path: str, n: int = 3) -> list:
    """Return the `n` most frequent words of a text file, as `most_common` does.

    `path` is the path of the file, which is UTF-8.
    """
    return most_common(Path(path).read_text(encoding="utf-8"), n)
