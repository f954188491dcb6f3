"""Count the bits that the hidden tests of the course can tell about their inputs."""

from __future__ import annotations

from math import log2
from pathlib import Path

import pytest
from hidden_choices import HiddenTests, relations

from grader.content.course import Course

COURSE = Course(Path(__file__).parents[3])
MAX_BITS = 8


@pytest.mark.parametrize("exercise_id", COURSE.exercise_ids)
def test_a_hidden_test_tells_less_than_eight_bits(exercise_id: str) -> None:
    """Its outcome follows from its message, except that `passed` has none, too."""
    hidden = HiddenTests(COURSE.exercise(exercise_id), COURSE.exercise_dir(exercise_id))
    bits = {test: log2(len(hidden.choices(test)) + 1) for test in hidden.functions}
    assert len(bits) >= len(COURSE.exercise(exercise_id).functions) * 2
    assert {test: count for test, count in bits.items() if count >= MAX_BITS} == {}


@pytest.mark.parametrize("exercise_id", COURSE.exercise_ids)
def test_with_all_ideas_and_relations_a_run_tells_less_than_eight_bits_per_test(exercise_id: str) -> None:
    exercise = COURSE.exercise(exercise_id)
    hidden = HiddenTests(exercise, COURSE.exercise_dir(exercise_id))
    bits = sum(log2(len(hidden.choices(test)) + 1) for test in hidden.functions)
    bits += sum(log2(relations(function)) for function in exercise.functions)
    assert bits < MAX_BITS * len(hidden.functions)
