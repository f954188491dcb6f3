"""Each symbol goes through the decoder before it is compared with the end symbol."""

import numpy as np


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"max_len is {max_len}, below 1")
    symbols = []
    probabilities, state = step(start_id, state)
    while len(symbols) < max_len:
        symbol = int(np.argmax(probabilities))
        probabilities, state = step(symbol, state)
        if symbol == end_id:
            break
        symbols.append(symbol)
    return symbols
