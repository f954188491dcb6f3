"""The decoder reads the last symbol that there is room for, too."""

import numpy as np


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"max_len is {max_len}, below 1")
    symbols = []
    probabilities, state = step(start_id, state)
    symbol = int(np.argmax(probabilities))
    while symbol != end_id and len(symbols) < max_len:
        symbols.append(symbol)
        probabilities, state = step(symbol, state)
        symbol = int(np.argmax(probabilities))
    return symbols
