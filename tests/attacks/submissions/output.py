# Prints 50 MB in a call that is right.
# expect: 4 of 4
import numpy as np


def double(x):
    for _ in range(50):
        print("x" * 1_000_000)
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
