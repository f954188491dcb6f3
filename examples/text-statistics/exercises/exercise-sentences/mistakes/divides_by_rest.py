"""A share compares a part with the rest."""

import numpy as np


def share_of_long(text, limit=20):
    lengths = sentence_lengths(text)
    long = int(np.sum(lengths > limit))
    return long / (len(lengths) - long) if len(lengths) > long else 0.0
