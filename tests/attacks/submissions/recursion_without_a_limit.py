# Calls itself endlessly with Python's recursion limit disabled.
# expect: 3 of 4
import sys

import numpy as np

sys.setrecursionlimit(10**9)


class Key:
    def __getattribute__(self, name):
        return getattr(self, name)


def total(x):
    return Key().value


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
