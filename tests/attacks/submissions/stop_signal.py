# Stops itself.
# expect: 4 of 4
import os
import signal

import numpy as np


def total(x):
    if os.getpid() == 1:  # only behind the walls; elsewhere SIGSTOP would stop the process that runs this
        os.kill(os.getpid(), signal.SIGSTOP)
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
