"""Validation names what the author's code imports, but learners do not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from sound_course import EXERCISE_YAML, SOLUTION_PY, SoundCourse

from grader.authoring.libraries import library_problems
from grader.authoring.material import ExerciseFiles, Material
from grader.content.course import Course
from grader.content.problem import Problem


def found(sound: SoundCourse) -> tuple[list[Problem], list[Problem]]:
    material = Material.of(Course(sound.root))
    return library_problems(ExerciseFiles(material, material.exercises["exercise-x"]))


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path / "sound")


def test_an_import_that_is_not_installed_is_a_problem_even_if_nothing_uses_it(sound: SoundCourse) -> None:
    sound.replace(SOLUTION_PY, "import numpy as np\n", "import numpy as np\nimport not_here.parts\n")
    [problem], warnings = found(sound)
    assert problem.what == "not_here is not installed here"
    assert problem.todo == "list it under `libraries:` and install it, or delete this import"
    assert (problem.line, warnings) == (sound.line(SOLUTION_PY, "not_here"), [])


def test_an_import_that_the_exercise_does_not_list_is_a_warning(sound: SoundCourse) -> None:
    sound.replace(SOLUTION_PY, "import numpy as np\n", "import numpy as np\nfrom packaging import version\n")
    problems, [warning] = found(sound)
    assert warning.what == "the exercise does not list packaging, so learners may not have it"
    assert (problems, warning.line) == ([], sound.line(SOLUTION_PY, "packaging"))
    sound.replace(EXERCISE_YAML, "text: Words.", "text: Words.\nlibraries: [packaging]")
    assert found(sound) == ([], [])


def test_the_standard_library_the_usual_ones_and_what_is_only_tried_need_no_entry(sound: SoundCourse) -> None:
    usual = "import calendar, zoneinfo\nimport matplotlib.pyplot as plt\nfrom mpl_toolkits import mplot3d\n"
    tried = "try:\n    import not_here\nexcept ImportError:\n    pass\n"
    sound.replace(SOLUTION_PY, "import numpy as np\n", f"import numpy as np\n{usual}{tried}")
    assert found(sound) == ([], [])


def test_in_a_course_without_tensorflow_keras_must_be_asked_for(sound: SoundCourse) -> None:
    sound.replace(SOLUTION_PY, "import numpy as np\n", "import numpy as np\nfrom keras import layers\n")
    assert found(sound) == ([], [])
    sound.write("course.yaml", "title: Tiny\ntensorflow: false\n")
    _, [warning] = found(sound)
    assert warning.what == "course.yaml says that no exercise needs keras"
    assert warning.todo == "write `tensorflow: true` there, or delete this import"
