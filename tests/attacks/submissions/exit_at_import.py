# Exits before anything can be tested.
# expect: 0 of 4
# outcomes: test_two=not_run test_drawn=not_run test_total=not_run test_twice=not_run
import sys

import numpy as np

sys.exit(0)


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
