"""Each block of the GRU has one bias, whatever reset_after says."""


def count_params(kind, units, n_features, reset_after=True):
    if kind not in BLOCKS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(BLOCKS)}")
    return BLOCKS[kind] * units * (units + n_features + 1)
