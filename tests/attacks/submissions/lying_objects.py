# Returns objects that equal everything and claim to be arrays and floats.
# expect: 0 of 4
import numpy as np


class Liar:
    shape, dtype, ndim, size = (4,), np.dtype(float), 1, 4
    __array_priority__ = 1e9

    def __eq__(self, other):
        return True

    def __array__(self, *_, **__):
        return np.zeros(4)

    def __len__(self):
        return 4

    def __getitem__(self, _):
        return self

    def __float__(self):
        return 0.0

    def __sub__(self, other):
        return self

    __rsub__ = __abs__ = __lt__ = __le__ = __eq__
    __class__ = np.ndarray
    __hash__ = None


class Number(float):
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: True
    __hash__ = None


def double(x):
    return Liar()


def total(x):
    return Number(0)


def twice(f, x):
    return Number(0)
