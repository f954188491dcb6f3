# Calls the judge's function endlessly with the largest possible arrays.
# expect: 3 of 4
# outcomes: test_twice=timed_out
import time

import numpy as np


def twice(f, x):
    big = np.zeros(1_000_000)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        f(big)


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))
