# Raises SystemExit in one call.
# expect: 3 of 4
# outcomes: test_total=error
import sys

import numpy as np


def total(x):
    sys.exit(0)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
