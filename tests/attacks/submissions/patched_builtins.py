# Replaces built-in functions and AssertionError.
# expect: 0 of 4
import builtins

import numpy as np

builtins.AssertionError = type("Never", (Exception,), {})
builtins.isinstance = lambda *_: True
builtins.len = lambda *_: 4
builtins.abs = builtins.sum = builtins.max = lambda *_: 0


def double(x):
    return np.zeros(1)


def total(x):
    return 0.0


def twice(f, x):
    return 0.0
