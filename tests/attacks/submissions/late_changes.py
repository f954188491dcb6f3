# Returns a wrong result and corrects it from a thread, a finalizer and at exit.
# expect: 1 of 4
import atexit
import threading

import numpy as np


def double(x):
    wrong = np.zeros(len(x))

    def correct():
        wrong[:] = 2 * np.asarray(x)

    threading.Timer(0.05, correct).start()
    atexit.register(correct)
    return wrong


def total(x):
    box = [0.0]
    threading.Timer(0.0, box.__setitem__, [0, float(np.sum(x))]).start()
    return box


def twice(f, x):
    return f(f(x))
