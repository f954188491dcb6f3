"""Long sentences: write the 2 functions below. The docstrings say what to do.

Check your work with:  course check exercise-sentences
"""

import numpy as np


def sentence_lengths(text):
    """Return the number of words of each sentence, as an array of integers.

    Sentences end with ".", "!" or "?". Words are separated by blanks. A sentence without words does
    not count.
    """
    raise NotImplementedError("sentence_lengths")


def share_of_long(text, limit=20):
    """Return the share of the sentences with more than `limit` words, a number from 0 to 1.

    A text without sentences has no long ones: return 0.0.
    """
    raise NotImplementedError("share_of_long")
