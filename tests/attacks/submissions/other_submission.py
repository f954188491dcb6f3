# Runs another learner's submission.
# expect: 0 of 4
import contextlib

FOUND, SEEN = {}, []
with contextlib.suppress(OSError):
    SEEN.append(open("@OTHER@").read())
    exec(SEEN[0], FOUND)


def double(x):
    print(SEEN)
    return FOUND["double"](x)


def total(x):
    return FOUND["total"](x)


def twice(f, x):
    return FOUND["twice"](f, x)
