"""Sorting by count settles the order."""

from collections import Counter


def most_common(text, n=3):
    return [word for word, _ in Counter(words(text)).most_common(n)]
