# Reports its environment variables.
# expect: 3 of 4
# outcomes: test_two=failed
import os
import sys

import numpy as np


def double(x):
    print(dict(os.environ), sys.argv, sys.path, sys.flags, os.getcwd(), os.uname())
    return 2 * np.asarray(x) if len(x) > 1 else np.zeros(1)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
