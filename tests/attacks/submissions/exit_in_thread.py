# Ends the process from a thread while a call runs.
# expect: 3 of 4
# outcomes: test_total=crashed
import os
import threading
import time

import numpy as np


def total(x):
    threading.Timer(0.1, os._exit, [0]).start()
    time.sleep(30)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
