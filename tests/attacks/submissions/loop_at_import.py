# Does not finish loading.
# expect: 0 of 4
# outcomes: test_two=timed_out test_drawn=timed_out test_total=timed_out test_twice=timed_out
import time

import numpy as np

end = time.monotonic() + 60
while time.monotonic() < end:
    pass


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
