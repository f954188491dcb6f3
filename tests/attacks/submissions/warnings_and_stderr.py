# Prints a lot to stderr and raises warnings, which is harmless.
# expect: 4 of 4
import logging
import os
import sys
import warnings

import numpy as np

warnings.simplefilter("always")
logging.basicConfig(level=logging.DEBUG)


def double(x):
    warnings.warn("deprecated", DeprecationWarning, stacklevel=1)
    logging.error("log")
    print("to stderr", file=sys.stderr)
    os.write(2, b"to descriptor 2\n")
    return 2 * np.asarray(x) / np.float64(1)


def total(x):
    np.float64(1) / np.float64(0)
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
