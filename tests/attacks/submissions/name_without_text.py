# Spins in processes whose name is not text, so that their CPU time may not be counted.
# expect: 3 of 4
# outcomes: test_total=timed_out
import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def total(x):
    libc.prctl(15, b"\xff) \xfe")
    while True:
        pass


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
