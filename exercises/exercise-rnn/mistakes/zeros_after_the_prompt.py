"""A short start is padded once, at its end, and the new characters follow the zeros."""

import numpy as np


def generate_text(
    predict,
    start_text,
    length,
    char_to_idx,
    idx_to_char,
    seq_length,
    mode="one_hot",
    temperature=0.0,
    rng=None,
):
    if not start_text:
        raise ValueError("start_text is empty")
    vocab_size = len(char_to_idx)
    unknown = sorted(set(start_text) - set(char_to_idx))
    if unknown:
        raise ValueError(f"{unknown} are not in the vocabulary")
    indices = [char_to_idx[character] for character in start_text]
    recent = ([*indices] + [None] * (seq_length - len(indices)))[-seq_length:]
    text = start_text
    for _ in range(length):
        known = [(place, index) for place, index in enumerate(recent) if index is not None]
        if mode == "one_hot":
            window = np.zeros((1, seq_length, vocab_size), dtype=np.float32)
            for place, index in known:
                window[0, place, index] = 1
        else:
            window = np.zeros((1, seq_length, 1), dtype=np.float32)
            for place, index in known:
                window[0, place, 0] = index / vocab_size
        probabilities = np.asarray(predict(window), dtype=np.float64)[0]
        if temperature == 0:
            index = int(np.argmax(probabilities))
        else:
            weights = probabilities ** (1 / temperature)
            index = int(rng.choice(vocab_size, p=weights / weights.sum()))
        recent = [*recent[1:], index]
        text += idx_to_char[index]
    return text
