# Returns ten million small values.
# expect: 2 of 4
# outcomes: test_two=failed test_drawn=failed test_total=passed test_twice=passed
import numpy as np


def double(x):
    return [None] * 10_000_000


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
