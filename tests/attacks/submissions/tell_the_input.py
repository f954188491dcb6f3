# Leaks the inputs of hidden tests through names, texts, shapes and line numbers.
# expect: 1 of 4
# outcomes: test_drawn=error test_total=failed test_twice=failed
import warnings

import numpy as np


def double(x):
    if len(x) == 1:
        return 2 * np.asarray(x)
    text = " ".join(map(repr, np.asarray(x).tolist()))
    print(text)
    warnings.warn(text, stacklevel=1)
    raise type(text, (ValueError,), {})(text)


def total(x):
    text = repr(np.asarray(x).tolist())
    return type(text, (), {"__module__": "submission"})()


def twice(f, x):
    return np.zeros((int(SECRET), 0)) if (SECRET := 731604) else x
