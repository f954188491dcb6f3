# Returns a list that is nested a hundred thousand levels deep.
# expect: 2 of 4
# outcomes: test_two=failed test_drawn=failed
import numpy as np


def double(x):
    nest = []
    for _ in range(100_000):
        nest = [nest]
    return nest


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
