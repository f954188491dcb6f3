"""A small exercise that needs no TensorFlow, for tests of the commands."""

from __future__ import annotations

from pathlib import Path

from judging import write_exercise

RIGHT = """
import numpy as np
def double(x):
    return 2 * np.asarray(x)
def first(x):
    return float(x[0])
"""
VISIBLE = '''
    @pytest.mark.points(1, function="double")
    def test_two(learner):
        """Two is four."""
        assert_array_equal(learner.double(np.array([2.0])), [4.0], "It should be 4")
'''
HIDDEN = '''
    @pytest.mark.points(2, function="double")
    def test_drawn(learner, rng):
        """Any numbers are doubled."""
        x = rng.normal(size=3)
        assert_allclose(learner.double(x), 2 * x, "Not all are doubled")

    @pytest.mark.points(1, function="first")
    def test_first(learner, rng):
        """The first number is returned."""
        x = rng.normal(size=3)
        assert learner.first(x) == x[0], "That is not the first number"
'''


def write_small_course(root: Path) -> Path:
    """Write a course whose only exercise is worth 4 points, and return its directory."""
    write_exercise(root, {"double(x)": {"y": "array"}, "first(x)": {"y": "float"}}, RIGHT, VISIBLE, HIDDEN)
    return root
