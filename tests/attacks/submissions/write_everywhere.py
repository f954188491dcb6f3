# Writes to /, /dev, /etc, the Python installation and the judge's own code.
# expect: 4 of 4
import contextlib
import os
import sys

import numpy as np


def total(x):
    if os.getpid() != 1:  # only behind the walls
        return 0.0
    import grader

    places = ["/", "/dev", "/dev/pts", "/etc", "/usr/lib", "/tmp", "/var/tmp", "/proc", "/proc/self", "/run"]
    places += [sys.prefix, sys.base_prefix, os.path.dirname(np.__file__), os.path.dirname(grader.__file__)]
    for place in places:
        with contextlib.suppress(OSError), open(f"{place}/left-by-an-attack", "w") as file:
            file.write("x")
            return 0.0
    for device in os.listdir("/dev"):
        with contextlib.suppress(OSError):
            descriptor = os.open(f"/dev/{device}", os.O_WRONLY | os.O_NONBLOCK)
            os.write(descriptor, b"x")
            os.close(descriptor)
    with contextlib.suppress(OSError), open(np.__file__, "a") as file:
        file.write("owned = True")
        return 0.0
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
