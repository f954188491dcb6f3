# Reads address 0.
# expect: 3 of 4
# outcomes: test_total=crashed
import ctypes

import numpy as np


def total(x):
    return ctypes.string_at(0)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
