# Returns NaN, which never compares as too far from anything.
# expect: 0 of 4
# outcomes: test_two=failed test_drawn=failed test_total=failed test_twice=failed
import numpy as np


def double(x):
    return np.full(len(x), np.nan)


def total(x):
    return float("nan")


def twice(f, x):
    return f(float("nan"))
