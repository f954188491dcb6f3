# Never returns from one call.
# expect: 3 of 4
# outcomes: test_total=timed_out
import time

import numpy as np


def total(x):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
