# Returns an array larger than a message.
# expect: 2 of 4
# takes its time
# outcomes: test_two=failed test_drawn=failed
import numpy as np


def double(x):
    return np.zeros(20_000_000)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
