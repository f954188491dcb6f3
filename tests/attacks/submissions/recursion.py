# Calls itself endlessly.
# expect: 3 of 4
# outcomes: test_total=error
import numpy as np


def total(x):
    return total(x)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
