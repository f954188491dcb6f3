"""A second softmax is applied to the probabilities."""

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
    text = start_text
    for _ in range(length):
        recent = indices[-seq_length:]
        places = range(seq_length - len(recent), seq_length)
        if mode == "one_hot":
            window = np.zeros((1, seq_length, vocab_size), dtype=np.float32)
            window[0, places, recent] = 1
        else:
            window = np.zeros((1, seq_length, 1), dtype=np.float32)
            window[0, places, 0] = np.array(recent) / vocab_size
        probabilities = np.asarray(predict(window), dtype=np.float64)[0]
        if temperature == 0:
            index = int(np.argmax(probabilities))
        else:
            weights = np.exp(probabilities / temperature)
            index = int(rng.choice(vocab_size, p=weights / weights.sum()))
        indices.append(index)
        text += idx_to_char[index]
    return text
