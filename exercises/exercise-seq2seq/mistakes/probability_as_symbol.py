"""The largest probability is taken for the symbol."""

import numpy as np


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"max_len is {max_len}, below 1")
    symbols = []
    symbol = start_id
    while len(symbols) < max_len:
        probabilities, state = step(symbol, state)
        symbol = int(np.max(probabilities))
        if symbol == end_id:
            break
        symbols.append(symbol)
    return symbols
