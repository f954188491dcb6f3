# Runs the solution, reads the hidden tests and lists the course.
# expect: 0 of 4
import contextlib
import os

FOUND, SEEN = {}, []
for name in ("solution.py", "hidden_tests.py", "exercise.yaml"):
    with contextlib.suppress(OSError):
        text = open(f"@COURSE@/exercises/exercise-x/{name}").read()
        SEEN.append(text)
        if name == "solution.py":
            exec(text, FOUND)
with contextlib.suppress(OSError):
    SEEN.append(("@MARKER@", os.listdir("@COURSE@")))


def double(x):
    print(SEEN)
    return FOUND["double"](x)


def total(x):
    return FOUND["total"](x)


def twice(f, x):
    return FOUND["twice"](f, x)
