# Imports the judge and pytest to find a test that runs, or the course.
# expect: 0 of 4
import contextlib

import numpy as np


def rig():
    with contextlib.suppress(BaseException):
        import grader.judge.engine as engine
        import pytest

        from grader.content.course import Course
        from grader.judge.server import asserts

        asserts._compare = lambda *_: None
        engine.JudgePlugin._run = lambda *_: (engine.Outcome.PASSED, "")
        pytest.main(["@COURSE@"])
        print(Course("@COURSE@").exercise("exercise-x"))
        print((Course("@COURSE@").exercise_dir("exercise-x") / "solution.py").read_text())


def double(x):
    rig()
    return np.zeros(len(x))


def total(x):
    rig()
    return 0.0


def twice(f, x):
    return 0.0
