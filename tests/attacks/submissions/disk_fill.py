# Writes endlessly to disk, then creates files endlessly.
# expect: 4 of 4
import contextlib
import os

import numpy as np


def total(x):
    if os.getpid() != 1:  # only behind the walls
        return 0.0
    for place in (os.getcwd(), "/dev/shm"):
        with contextlib.suppress(OSError):
            for number in range(300):
                with open(f"{place}/{number}", "wb") as file:
                    file.write(bytes(1_000_000))
            return 0.0  # it could write 300 MB
        with contextlib.suppress(OSError):
            for number in range(40_000):
                os.mknod(f"{place}/empty{number}")
            return 0.0
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
