"""Slips of authors: signatures that differ, files with the wrong ending, fixtures that notebooks lack."""

from __future__ import annotations

from pathlib import Path

import pytest
from sound_course import SoundCourse

from grader.authoring.material import ExerciseFiles, Material
from grader.authoring.slips import course_slips, exercise_slips
from grader.authoring.validation import validate
from grader.content.course import Course
from grader.content.problem import Problem

EXERCISE = "exercises/exercise-x"


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path / "sound")


def slips(sound: SoundCourse) -> list[Problem]:
    material = Material.of(Course(sound.root))
    return exercise_slips(ExerciseFiles(material, material.exercises["exercise-x"]))


def test_a_sound_course_has_none(sound: SoundCourse) -> None:
    assert slips(sound) == [] and course_slips(Course(sound.root)) == []


@pytest.mark.parametrize("file", ["starter.py", "solution.py"])
@pytest.mark.parametrize("parameters", ["x, factor=3", "x, scale=2", "x", "x, *, factor=2"])
def test_a_signature_differs_from_the_one_in_yaml(sound: SoundCourse, file: str, parameters: str) -> None:
    sound.replace(f"{EXERCISE}/{file}", "def scaled(x, factor=2)", f"def scaled({parameters})")
    [slip] = slips(sound)
    assert slip.line == sound.line(f"{EXERCISE}/{file}", "def scaled")
    assert slip.what == (
        f"scaled({parameters}) differs from the signature in exercise.yaml, scaled(x, factor=2)"
    )


def test_annotations_are_no_difference(sound: SoundCourse) -> None:
    sound.replace(f"{EXERCISE}/starter.py", "scaled(x, factor=2)", "scaled(x: list, factor: float = 2)")
    assert slips(sound) == []


def test_a_visible_test_takes_what_notebooks_lack(sound: SoundCourse) -> None:
    sound.replace(f"{EXERCISE}/visible_tests.py", "def test_two(learner)", "def test_two(learner, tmp_path)")
    [slip] = slips(sound)
    assert "takes tmp_path" in slip.what and "hidden_tests.py" in slip.todo


@pytest.mark.parametrize("name", ["learner", "reference"])
@pytest.mark.parametrize("mark", ["pytest.fixture", 'pytest.fixture(name="made")'])
def test_a_fixture_that_calls_a_submission(sound: SoundCourse, name: str, mark: str) -> None:
    file = f"{EXERCISE}/hidden_tests.py"
    sound.append(file, f"\n\n@{mark}\ndef made({name}):\n    return {name}.first([1])\n")
    [slip] = slips(sound)
    assert slip.what == f"the fixture made takes `{name}`, which only tests may call"
    assert slip.line == sound.line(file, "def made")


def test_a_fixture_that_makes_data_is_no_slip(sound: SoundCourse) -> None:
    sound.append(
        f"{EXERCISE}/hidden_tests.py", "\n\n@pytest.fixture\ndef data(rng):\n    return rng.normal(size=3)\n"
    )
    assert slips(sound) == []


def test_names_in_a_mark_may_be_a_constant(sound: SoundCourse) -> None:
    file = f"{EXERCISE}/visible_tests.py"
    sound.replace(file, "@pytest.mark.points", "@pytest.mark.parametrize(NAMES, [1])\n@pytest.mark.points")
    assert slips(sound) == []


def test_parameters_of_a_visible_test_may_be_given_by_a_mark(sound: SoundCourse) -> None:
    sound.replace(
        f"{EXERCISE}/visible_tests.py",
        "def test_two(learner)",
        '@pytest.mark.parametrize("a, b", [(1, 2)])\ndef test_two(learner, rng, a, b)',
    )
    assert slips(sound) == []


@pytest.mark.parametrize(
    ("file", "right"),
    [
        ("quizzes/second.yml", "second.yaml"),
        ("lessons/day5.YAML", "day5.yaml"),
        ("exercises/exercise-x/exercise.yaml.txt", "exercise.yaml"),
        ("course.yml", "course.yaml"),
    ],
)
def test_a_file_that_nobody_reads(sound: SoundCourse, file: str, right: str) -> None:
    (sound.root / file).write_text("id: x\n")
    [slip] = course_slips(Course(sound.root))
    assert slip.file == str(sound.root / file) and slip.todo == f"call it {right}"


def test_an_empty_course(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    result = validate(Course(tmp_path))
    assert not result.ok and [problem.what for problem in result.problems] == ["the course is empty"]


def test_a_missing_mistake_hides_no_other_finding(sound: SoundCourse) -> None:
    for path in (sound.root / EXERCISE / "mistakes").glob("*.py"):
        path.unlink()
        break
    sound.replace(f"{EXERCISE}/starter.py", "scaled(x, factor=2)", "scaled(x, factor=3)")
    sound.replace(f"{EXERCISE}/solution.py", "[0]", "[1]")
    found = [problem.what for problem in validate(Course(sound.root), "exercise-x", seeds=1).problems]
    assert any("does not exist" in what for what in found)
    assert any("differs from the signature" in what for what in found)
    assert any("solution" in what or "test_first" in what for what in found), found


def test_a_listed_lesson_that_does_not_exist(sound: SoundCourse) -> None:
    (sound.root / "course.yaml").write_text("title: Counting\nlessons:\n  - tiny\n  - tinny\n")
    [slip] = course_slips(Course(sound.root))
    assert (slip.line, slip.what, slip.todo) == (4, "'tinny' is not defined", "did you mean 'tiny'?")


def test_a_test_that_waits_for_an_error_with_pytest_is_reported(sound: SoundCourse) -> None:
    name = f"{EXERCISE}/hidden_tests.py"
    sound.append(
        name,
        '\n\n@pytest.mark.points(1, function="first")\ndef test_empty(learner):\n    """None is refused."""\n'
        "    with pytest.raises(ValueError):\n        learner.first([])\n",
    )
    [problem] = slips(sound)
    assert problem.line == sound.line(name, "def test_empty")
    assert problem.what == "test_empty: pytest.raises does not see what a learner's function raises"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import numpy.testing as npt", "numpy.testing"),
        ("from numpy.testing import assert_allclose", "numpy.testing"),
        ("from unittest import TestCase", "unittest"),
        ("check = lambda: np.testing.assert_allclose(1, 2)", "np.testing.assert_allclose"),
    ],
)
def test_assertions_whose_words_learners_do_not_see(sound: SoundCourse, line: str, name: str) -> None:
    file = f"{EXERCISE}/hidden_tests.py"
    path = sound.root / file
    path.write_text(f"{path.read_text()}\n\n{line}\n")
    [slip] = slips(sound)
    assert slip.line == sound.line(file, line) and slip.what.startswith(f"{name} says in its own words")
    assert "assert_allclose(got, expected," in slip.todo


def test_a_mock_of_unittest_is_no_slip(sound: SoundCourse) -> None:
    path = sound.root / f"{EXERCISE}/hidden_tests.py"
    path.write_text(f"{path.read_text()}\n\nfrom unittest.mock import Mock\n")
    assert slips(sound) == []


@pytest.mark.parametrize("file", ["visible_tests.py", "hidden_tests.py"])
def test_a_test_that_another_one_replaces(sound: SoundCourse, file: str) -> None:
    path = sound.root / EXERCISE / file
    new = "\n\ndef test_new(learner):\n    pass\n"
    before = path.read_text()
    path.write_text(before + new + new)
    line = before.count("\n") + 3
    [slip] = [each for each in slips(sound) if "replaces" in each.what]
    assert slip.what == f"test_new replaces the test of the same name in line {line}, which never runs"
    assert slip.line == line + 4


@pytest.mark.parametrize(
    ("drawn", "is_slip"),
    [
        ("np.random.normal(size=3)", True),
        ("random.random()", True),
        ("np.random.default_rng()", True),
        ("np.random.default_rng(rng.integers(9))", False),
        ("np.random.default_rng(seed=1)", False),
        ("random.Random(3)", False),
        ("rng.normal(size=3)", False),
    ],
)
def test_a_test_that_does_not_draw_with_rng(sound: SoundCourse, drawn: str, is_slip: bool) -> None:
    path = sound.root / EXERCISE / "hidden_tests.py"
    source = path.read_text()
    name = source.index("def test_first")
    body = source.index("    ", source.index("\n", name))
    path.write_text(f"{source[:body]}    _ = {drawn}\n{source[body:]}")
    assert [each.todo for each in slips(sound)] == ["draw with rng, which the seed decides"] * is_slip
