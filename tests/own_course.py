"""A small course with questions about the learner's own code."""

from __future__ import annotations

from pathlib import Path

from tiny_course import write_course

FILE = "exercise_sum.py"
RIGHT = """\
def add(a, b):
    result = a
    for _ in range(b):
        result = result + 1
    return result


def half(a):
    return a / 2
"""
_TWO_NUMBERS = "lambda rng: (rng.randrange(1, 9), rng.randrange(4, 9))"
OWN_CODE = f'CALLS = {{"add": {_TWO_NUMBERS}, "half": lambda rng: (rng.randrange(1, 99),)}}\n'
VISIBLE = '''\
import pytest


@pytest.mark.points(1, function="add")
def test_add(learner):
    """2 and 3 are 5."""
    assert learner.add(2, 3) == 5


@pytest.mark.points(1, function="half")
def test_half(learner):
    """Half of 4 is 2."""
    assert learner.half(4) == 2.0
'''
HIDDEN = VISIBLE.replace("test_add", "test_more").replace("test_half", "test_other")


def write_own_course(root: Path) -> Path:
    """Write the small course with calls for its exercise."""
    write_course(root)
    directory = root / "exercises/exercise-sum"
    (directory / "solution.py").write_text(RIGHT)
    (directory / "starter.py").write_text("def add(a, b):\n    pass\n\n\ndef half(a):\n    pass\n")
    (directory / "visible_tests.py").write_text(VISIBLE)
    (directory / "hidden_tests.py").write_text(HIDDEN)
    (directory / "own_code.py").write_text(OWN_CODE)
    return root
