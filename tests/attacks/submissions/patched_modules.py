# Replaces the modules of the judge, numpy and msgspec with its own.
# expect: 0 of 4
import sys
import types

import numpy as np

for name in [name for name in sys.modules if name.startswith(("grader", "msgspec", "numpy", "pytest"))]:
    sys.modules[name] = types.ModuleType(name)
sys.modules["grader.testing"] = types.ModuleType("grader.testing")
sys.path.insert(0, "/scratch")
sys.meta_path.clear()


def double(x):
    return np.zeros(len(x))


def total(x):
    return 0.0


def twice(f, x):
    return 0.0
