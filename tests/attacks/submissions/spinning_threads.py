# Keeps every processor busy with threads.
# expect: 4 of 4
import threading
import time

import numpy as np


def spin():
    end = time.monotonic() + 60
    while time.monotonic() < end:
        np.dot(BIG, BIG)


BIG = np.ones((200, 200))
for _ in range(4):
    threading.Thread(target=spin, daemon=True).start()


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
