# Uses memory that the limit on private memory does not count.
# expect: 3 of 4
# takes its time
# outcomes: test_total=out_of_memory
import mmap

import numpy as np


def total(x):
    shared = mmap.mmap(-1, 3_000_000_000)
    for start in range(0, len(shared), 4096):
        shared[start] = 1


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
