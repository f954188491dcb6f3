# Uses memory through many processes, each within its own limit.
# expect: 3 of 4
# takes its time
# outcomes: test_total=out_of_memory
import os
import time

import numpy as np


def total(x):
    for _ in range(10):
        if os.fork() == 0:
            held = bytearray(300_000_000)
            held[::4096] = bytes(len(held[::4096])).replace(b"\0", b"x")
            time.sleep(30)
            os._exit(0)
    time.sleep(30)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
