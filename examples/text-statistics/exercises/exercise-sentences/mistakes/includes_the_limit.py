"""More than 20 and at least 20 are the same."""

import numpy as np


def share_of_long(text, limit=20):
    lengths = sentence_lengths(text)
    return float(np.mean(lengths >= limit))
