"""The loop keeps the weights below the budget; only the check for one unit allows all of it."""


def match_units(kind, budget, n_features):
    if count_params(kind, 1, n_features) > budget:
        raise ValueError(f"a budget of {budget} weights is too small for one unit")
    units = 1
    while count_params(kind, units + 1, n_features) < budget:
        units += 1
    return units
