# Returns generators, one of them endless.
# expect: 1 of 4
# outcomes: test_two=failed test_drawn=failed test_total=failed
import itertools

import numpy as np


def double(x):
    return (2 * number for number in itertools.count())


def total(x):
    yield np.sum(x)


def twice(f, x):
    return f(f(x))
