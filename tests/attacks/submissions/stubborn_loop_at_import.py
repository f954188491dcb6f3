# Switches off the timer of its statement and never finishes loading.
# expect: 0 of 4
# outcomes: test_two=timed_out test_drawn=timed_out test_total=timed_out test_twice=timed_out
import signal

import numpy as np

if True:
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        pass


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
