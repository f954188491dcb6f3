"""With reset_after, the GRU has one bias more per unit, not one more per unit and block."""


def count_params(kind, units, n_features, reset_after=True):
    if kind not in BLOCKS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(BLOCKS)}")
    more = units if kind == "gru" and reset_after else 0
    return BLOCKS[kind] * units * (units + n_features + 1) + more
