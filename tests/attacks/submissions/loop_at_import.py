# Takes too long outside a function. The statement ends, and the functions are tested.
# expect: 4 of 4
# outcomes: test_two=passed test_drawn=passed test_total=passed test_twice=passed
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
