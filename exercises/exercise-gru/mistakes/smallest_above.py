"""The result is the first number of units that uses up the budget, and usually exceeds it."""


def match_units(kind, budget, n_features):
    if count_params(kind, 1, n_features) > budget:
        raise ValueError(f"a budget of {budget} weights is too small for one unit")
    units = 1
    while count_params(kind, units, n_features) < budget:
        units += 1
    return units
