# Crashes Python during loading.
# expect: 0 of 4
# outcomes: test_two=crashed test_drawn=crashed test_total=crashed test_twice=crashed
import ctypes

import numpy as np

ctypes.string_at(0)


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
