# Poses as a module of the judge and as its own starter code. Earns no more than blank code would.
# expect: 0 of 4
# outcomes: test_drawn=not_run test_total=error test_twice=error
import sys

__name__ = "grader.judge.server.engine"
__file__ = "@COURSE@/exercises/exercise-x/solution.py"
sys.modules["solution"] = sys.modules["hidden_tests"] = sys.modules["submission"]


def double(x):
    raise NotImplementedError


def total(x):
    raise AssertionError("passed")


def twice(f, x):
    raise KeyboardInterrupt
