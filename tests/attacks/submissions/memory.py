# Allocates memory endlessly.
# expect: 3 of 4
# takes its time
# outcomes: test_total=out_of_memory
import numpy as np


def total(x):
    grown = []
    for _ in range(3000):
        grown.append(bytearray(1_000_000))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
