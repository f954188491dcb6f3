# Returns objects that run code when they are unpickled.
# expect: 1 of 4
import os
import pickle

import numpy as np


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @HOME@/pickled",)


def double(x):
    return np.array([Bomb()])


def total(x):
    return pickle.dumps(Bomb())


def twice(f, x):
    return f(f(x))
