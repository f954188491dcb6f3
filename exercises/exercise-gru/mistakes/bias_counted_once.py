"""There is one bias per unit, whatever the number of blocks."""


def count_params(kind, units, n_features, reset_after=True):
    if kind not in BLOCKS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(BLOCKS)}")
    return BLOCKS[kind] * units * (units + n_features) + units
