"""The result is the number of units whose count is closest to the budget, above or below."""


def match_units(kind, budget, n_features):
    if count_params(kind, 1, n_features) > budget:
        raise ValueError(f"a budget of {budget} weights is too small for one unit")
    units = 1
    while count_params(kind, units + 1, n_features) <= budget:
        units += 1
    left = budget - count_params(kind, units, n_features)
    beyond = count_params(kind, units + 1, n_features) - budget
    return units if left <= beyond else units + 1
