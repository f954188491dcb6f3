# Ends the process outside a function, as notebooks do that restart their kernel. It does not end.
# expect: 4 of 4
# outcomes: test_two=passed test_drawn=passed test_total=passed test_twice=passed
import os

import numpy as np

os._exit(0)


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
