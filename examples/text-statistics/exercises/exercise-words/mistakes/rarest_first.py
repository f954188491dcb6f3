"""Sorting by count settles the order."""

from collections import Counter


def most_common(text, n=3):
    if n < 1:
        raise ValueError(n)
    counts = Counter(words(text))
    return sorted(counts, key=lambda word: (counts[word], word))[:n]
