"""After any failed test, a learner has something to look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from sound_course import EXERCISE_YAML, HIDDEN_TESTS, SoundCourse

from grader.authoring.guidance import guidance_problems
from grader.authoring.leaks import leak_problems
from grader.authoring.material import ExerciseFiles, Material
from grader.content.course import Course
from grader.content.problem import Problem

NOTHING = "test_first: after it fails, a learner has nothing to look at"
TESTS = "tests:\n  {}:\n    hints: [Print the first number.]\nmistakes:\n"


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path)


def problems(sound: SoundCourse) -> list[Problem]:
    material = Material.of(Course(sound.root))
    assert not material.problems
    files = ExerciseFiles(material, material.exercises["exercise-x"])
    return [*guidance_problems(files), *leak_problems(files)]


def give_hints(sound: SoundCourse, test: str) -> None:
    sound.replace(EXERCISE_YAML, "mistakes:\n", TESTS.format(test))


def test_messages_and_hints_of_the_function_are_enough(sound: SoundCourse) -> None:
    assert problems(sound) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('x[0], "That is not the first number"', "x[0]"),
        ("assert learner.first(x) == x[0], ", "np.testing.assert_allclose(learner.first(x), x[0]) or "),
    ],
)
def test_a_failure_without_a_message_needs_hints_of_its_own(sound: SoundCourse, old: str, new: str) -> None:
    sound.replace(HIDDEN_TESTS, old, new)
    [problem] = problems(sound)
    assert problem.what == NOTHING
    assert "give each of its assertions a message" in problem.todo
    assert (problem.file, problem.line) == (
        str(sound.root / HIDDEN_TESTS),
        sound.line(HIDDEN_TESTS, "def test_first"),
    )
    give_hints(sound, "test_first")
    assert problems(sound) == []


def test_a_function_without_hints_and_section_needs_hints_for_its_tests(sound: SoundCourse) -> None:
    sound.replace(EXERCISE_YAML, "    hints: [Where does counting start?]\n", "")
    [problem] = problems(sound)
    assert problem.what == NOTHING
    give_hints(sound, "test_first")
    assert problems(sound) == []


def test_a_section_is_something_to_look_at(sound: SoundCourse) -> None:
    sound.replace(EXERCISE_YAML, "    hints: [Where does counting start?]\n", '    section: "1"\n')
    assert problems(sound) == []


def test_hints_for_a_test_that_does_not_exist(sound: SoundCourse) -> None:
    give_hints(sound, "test_fist")
    [problem] = problems(sound)
    assert (problem.what, problem.todo) == ("'test_fist' is not defined", "did you mean 'test_first'?")
    assert problem.line == sound.line(EXERCISE_YAML, "test_fist")


def test_hints_contain_no_code_of_the_solution(sound: SoundCourse) -> None:
    give_hints(sound, "test_first")
    sound.replace(EXERCISE_YAML, "Print the first number.", '"Try np.asarray(x)[0]."')
    sound.append(EXERCISE_YAML, '    hints: ["Try float( np.asarray(x)[0] )."]\n')
    places = [(problem.line, problem.what) for problem in problems(sound)]
    assert [line for line, what in places if "from the solution" in what] == [
        sound.line(EXERCISE_YAML, "Try float"),
        sound.line(EXERCISE_YAML, "Try np"),
    ]
