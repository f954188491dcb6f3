import numpy as np


def sentence_lengths(text: str) -> np.ndarray:
    """Return the number of words of each sentence, as an array of integers.

    Sentences end with ".", "!" or "?". Words are separated by blanks. A sentence without words does
    not count.
    """
    for end in "!?":
        text = text.replace(end, ".")
    lengths = [len(sentence.split()) for sentence in text.split(".")]
    return np.array([length for length in lengths if length], dtype=int)


def share_of_long(text: str, limit: int = 20) -> float:
    """Return the share of the sentences with more than `limit` words, a number from 0 to 1.

    A text without sentences has no long ones: return 0.0.
    """
    lengths = sentence_lengths(text)
    return float(np.mean(lengths > limit)) if len(lengths) else 0.0
