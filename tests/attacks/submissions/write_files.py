# Overwrites the database, the course, the home directory and anything else within reach.
# expect: 0 of 4
import contextlib
import os

import numpy as np

for path in (
    "@HOME@/attempts.jsonl",
    "@HOME@/new",
    "@OTHER@",
    "@COURSE@/exercises/exercise-x/hidden_tests.py",
):
    for flags in (os.O_WRONLY | os.O_TRUNC, os.O_WRONLY | os.O_CREAT):
        with contextlib.suppress(OSError):
            os.write(os.open(path, flags), b"owned")
    for change in (os.unlink, lambda path: os.chmod(path, 0), lambda path: os.rename(path, path + "x")):
        with contextlib.suppress(OSError):
            change(path)


def double(x):
    return np.zeros(len(x))


def total(x):
    return 0.0


def twice(f, x):
    return 0.0
