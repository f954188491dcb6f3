# Leaves detached processes behind.
# expect: 4 of 4
import ctypes
import os
import signal
import time

import numpy as np

PR_SET_PDEATHSIG = 1


def total(x):
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            if os.fork() == 0:
                time.sleep(60)
            os._exit(0)
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
