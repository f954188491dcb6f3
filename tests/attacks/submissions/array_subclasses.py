# Returns instances of array subclasses whose comparisons are always true.
# expect: 0 of 4
# outcomes: test_two=failed test_drawn=failed test_total=failed test_twice=failed
import numpy as np


class Agreeing(np.ndarray):
    __eq__ = __lt__ = __le__ = lambda self, other: np.ones(self.shape, bool).view(np.ndarray)
    __hash__ = None

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return True

    def __array_function__(self, function, types, args, kwargs):
        return True


def double(x):
    return np.zeros(4).view(Agreeing)


def total(x):
    return np.zeros(()).view(Agreeing)


def twice(f, x):
    return np.matrix([[0.0]])
