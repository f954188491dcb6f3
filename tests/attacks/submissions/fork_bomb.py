# Starts processes until it is refused.
# expect: 4 of 4
# takes its time
import contextlib
import os
import time

import numpy as np


def total(x):
    with contextlib.suppress(OSError):
        for _ in range(600):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        return 0.0  # nothing stopped it
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
