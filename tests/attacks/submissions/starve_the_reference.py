# Makes a test raise, then slows down the reference solution, because a broken test costs no points.
# expect: 2 of 4
import os
import time

import numpy as np


def double(x):
    starting, gun = os.pipe()
    for _ in range(200):
        if os.fork() == 0:
            os.close(gun)
            os.read(starting, 1)  # returns once the other end is closed
            end = time.monotonic() + 60
            while time.monotonic() < end:
                pass
            os._exit(0)
    os.close(gun)
    return np.zeros(1)  # the test looks at its fourth number


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
