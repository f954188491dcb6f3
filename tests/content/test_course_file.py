"""`course.yaml`, and courses that are found by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.content.course import Course
from grader.content.problem import ContentError
from grader.errors import CourseError


def about(root: Path, text: str) -> Course:
    (root / "course.yaml").write_text(text)
    return Course(root)


def test_a_course_without_the_file_has_the_defaults(tiny: Path) -> None:
    about = Course(tiny).about
    assert (about.package, about.language, about.tensorflow) == ("course-kit", "en", True)


def test_lessons_come_in_the_listed_order_and_others_follow(tiny: Path) -> None:
    for name in ("zero", "one", "two"):
        (tiny / f"lessons/{name}.yaml").write_text("")
    assert about(tiny, "lessons: [zero, tiny]").lesson_ids == ["zero", "tiny", "one", "two"]


def test_every_exercise_may_use_the_course_s_libraries(tiny: Path) -> None:
    course = about(tiny, 'libraries: ["pandas>=2", scipy]')
    assert course.exercise("exercise-sum").libraries == ("pandas>=2", "scipy")
    path = tiny / "exercises/exercise-sum/exercise.yaml"
    path.write_text(path.read_text() + '\nlibraries: ["Pandas>=2.2"]\n')
    assert Course(tiny).exercise("exercise-sum").libraries == ("scipy", "Pandas>=2.2")


@pytest.mark.parametrize(
    ("tensorflow", "usual"),
    [("true", "numpy, TensorFlow, Keras and matplotlib"), ("false", "numpy and matplotlib")],
)
def test_learners_are_told_of_tensorflow_only_where_the_course_has_it(
    tiny: Path, tensorflow: str, usual: str
) -> None:
    course = about(tiny, f"tensorflow: {tensorflow}\nlibraries: [scipy]")
    assert f"You may use {usual}, and for this exercise scipy." in course.exercise("exercise-sum").full_text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("package: Text Statistics", r"course\.yaml:1: "),
        (
            "package: course-grader",
            r"course\.yaml:1: course-grader is the name of this tool",
        ),
        ("lessons: [a, b, a]", r"course\.yaml:1: 'a' is listed twice"),
        ("title: x\nlanguage: Deutsch", r"course\.yaml:2: 'Deutsch' is not a language tag — write one such"),
        ("libraries: ['scipy>>1']", r"course\.yaml:1: 'scipy>>1' is not a library that pip can install"),
        ("tensorflow: perhaps", r"course\.yaml:1: "),
        ("titel: x", r"course\.yaml:1: `titel` is not a field here — did you mean `title`\?"),
    ],
)
def test_errors_name_the_line(tiny: Path, text: str, says: str) -> None:
    with pytest.raises(ContentError, match=says):
        print(about(tiny, text).about)


def test_a_name_that_is_neither_a_directory_nor_installed(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="is not a course"):
        Course.named(tmp_path / "nowhere")
