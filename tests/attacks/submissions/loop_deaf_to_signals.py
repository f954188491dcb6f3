# Ignores every signal and never returns.
# expect: 3 of 4
# outcomes: test_total=timed_out
import contextlib
import signal
import time

import numpy as np


def total(x):
    for number in range(1, signal.NSIG):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
