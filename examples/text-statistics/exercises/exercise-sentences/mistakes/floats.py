"""The kind of a number does not matter as long as its value is right."""

import numpy as np


def sentence_lengths(text):
    for end in "!?":
        text = text.replace(end, ".")
    return np.array([len(piece.split()) for piece in text.split(".") if piece.split()], dtype=float)
