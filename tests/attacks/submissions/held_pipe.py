# Exits while a child process holds every descriptor open.
# expect: 3 of 4
# outcomes: test_total=crashed
import os
import time

import numpy as np


def total(x):
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
    os._exit(0)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
