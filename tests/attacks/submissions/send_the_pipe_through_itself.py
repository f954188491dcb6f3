# Sends its end of the pipe through the pipe, so that the pipe never closes.
# expect: 3 of 4
# outcomes: test_total=crashed
import contextlib
import os
import socket
import stat

import numpy as np


def total(x):
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                pipe = socket.socket(fileno=os.dup(descriptor))
                for _ in range(20):
                    socket.send_fds(pipe, [b"x"], [descriptor])
    os._exit(0)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
