# Reads everything that /proc shows about other processes and itself.
# expect: 1 of 4
# outcomes: test_two=failed test_drawn=failed test_total=failed
import contextlib
import os

import numpy as np


def look():
    for name in os.listdir("/proc"):
        for what in ("environ", "cwd", "root", "mem", "maps", "fd", "fdinfo", "task", "mounts"):
            path = f"/proc/{name}/{what}"
            for read in (os.readlink, os.listdir, lambda path: open(path, "rb").read(100_000)):
                with contextlib.suppress(OSError):
                    print("@MARKER@", path, read(path))
    for pid in range(1, 3000):
        for what in ("environ", "mem", "root/@COURSE@/exercises/exercise-x/solution.py"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/{what}", "rb") as file:
                print("@MARKER@", pid, what, file.read(1000))


def double(x):
    look()
    return np.zeros(len(x))


def total(x):
    return 0.0


def twice(f, x):
    return f(f(x))
