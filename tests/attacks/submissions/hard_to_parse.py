# Makes Python compile code that is hard to parse.
# expect: 4 of 4
import contextlib

import numpy as np

for text in (
    "(" * 100_000,
    "-" * 100_000 + "1",
    "[" * 200,
    "a" + ".a" * 50_000,
    "x = " + "1 + " * 20_000 + "1",
):
    with contextlib.suppress(SyntaxError, MemoryError, RecursionError):
        compile(text, "text", "exec")


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
