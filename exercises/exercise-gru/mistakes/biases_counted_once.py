"""The biases are counted once per unit, not per block. With reset_after, the GRU has two."""


def count_params(kind, units, n_features, reset_after=True):
    if kind not in BLOCKS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(BLOCKS)}")
    biases = 2 if kind == "gru" and reset_after else 1
    return BLOCKS[kind] * units * (units + n_features) + biases * units
