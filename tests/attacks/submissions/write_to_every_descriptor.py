# Writes to every inherited descriptor.
# expect: 3 of 4
# outcomes: test_total=crashed
import contextlib
import os

import numpy as np


def total(x):
    for descriptor in range(3, 256):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"passed " * 100)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
