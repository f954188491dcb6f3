# Closes every inherited descriptor.
# expect: 3 of 4
# outcomes: test_total=crashed
import os

import numpy as np


def total(x):
    os.closerange(0, 4096)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
