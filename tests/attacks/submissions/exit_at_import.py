# Exits outside a function. The functions are right, and they are tested.
# expect: 4 of 4
# outcomes: test_two=passed test_drawn=passed test_total=passed test_twice=passed
import sys

import numpy as np

sys.exit(0)


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
