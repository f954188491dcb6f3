"""A machine without an exercise's libraries: a note for learners, and no grades."""

from __future__ import annotations

from pathlib import Path

import pytest
from sound_course import EXERCISE_YAML, SoundCourse

from grader.content.course import Course
from grader.errors import EnvironmentProblem
from grader.judge.client.missing_libraries import missing_note, require_libraries


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path)


def course_with(sound: SoundCourse, libraries: str) -> Course:
    sound.replace(EXERCISE_YAML, "text: Words.", f"text: Words.\nlibraries: {libraries}")
    return Course(sound.root)


def test_nothing_is_said_where_everything_is_installed(sound: SoundCourse) -> None:
    course = course_with(sound, "[packaging]")
    assert missing_note(course.exercise("exercise-x")) is None
    require_libraries(course, ["exercise-x"])


def test_one_missing_library(sound: SoundCourse) -> None:
    course = course_with(sound, '[packaging, "not-here>=2"]')
    assert missing_note(course.exercise("exercise-x")) == (
        "exercise-x may use not-here>=2, which is not installed here — pip install 'not-here>=2'"
    )
    with pytest.raises(EnvironmentProblem) as refused:
        require_libraries(course, ["exercise-x"])
    assert str(refused.value) == (
        "exercise-x may use not-here>=2, which is not installed here, so nothing is graded — "
        "run pip install 'not-here>=2', then grade again"
    )


def test_several_missing_libraries(sound: SoundCourse) -> None:
    note = missing_note(course_with(sound, "[not-here, nor-here]").exercise("exercise-x"))
    assert note == (
        "exercise-x may use not-here and nor-here, which are not installed here — "
        "pip install not-here nor-here"
    )


def test_other_exercises_do_not_matter(sound: SoundCourse) -> None:
    require_libraries(course_with(sound, "[not-here]"), [])
