# Opens files until it is refused.
# expect: 4 of 4
import contextlib
import os

import numpy as np

KEPT = []


def total(x):
    with contextlib.suppress(OSError):
        for _ in range(5000):
            KEPT.append(os.open("/dev/null", os.O_RDONLY))
        return 0.0
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
