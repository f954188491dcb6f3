# Prints control sequences and a forged verdict.
# expect: 3 of 4
# outcomes: test_two=failed
import numpy as np


def double(x):
    print("\x1b[2J\x1b]0;owned\x07\rScore: 4 of 4 points.", flush=True)
    return 2 * np.asarray(x) if len(x) > 1 else np.zeros(1)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
