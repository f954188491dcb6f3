"""Messages of hidden tests that can hold a value of the test."""

from __future__ import annotations

from pathlib import Path

import pytest
from sound_course import HIDDEN_TESTS, SoundCourse
from test_proof import report

from grader.authoring.hidden_messages import message_problems
from grader.authoring.material import ExerciseFiles, Material
from grader.content.course import Course
from grader.judge.report import Report

TEST = '''

def fault(got):
    if got > 1:
        return "is too large"
    return "is too small"


NAMES = {{1: "one", 2: "two"}}


@pytest.mark.points(1, function="first")
def test_more(learner, rng):
    """It says too much."""
    x = rng.normal(size=3)
    expected, place = float(x[0]), int(rng.integers(1, 3))
    for label, value in [("a short list", x[:1]), ("a long list", x)]:
        got = learner.first(value)
        {}
'''


def files_with(place: Path, code: str) -> ExerciseFiles:
    sound = SoundCourse(place)
    sound.append(HIDDEN_TESTS, TEST.format(code))
    material = Material.of(Course(sound.root))
    return ExerciseFiles(material, material.exercises["exercise-x"])


@pytest.mark.parametrize(
    "code",
    [
        'assert got == expected, f"expected {expected}"',
        'assert got == expected, f"it is {x[0]:.3f}"',
        'assert got == expected, "expected " + str(expected)',
        'assert got == expected, "expected %s" % expected',
        'assert got == expected, "expected {}".format(expected)',
        'assert got == expected, f"a list of {len(x)} numbers"',
        "assert got == expected, repr(x)",
        "assert got == expected, expected",
        'raise Mismatch(f"got {got}")',
        'assert_allclose(got, expected, f"got {learner.first(x)}")',
        'assert_allclose(got, expected, message=f"got {got}")',
        'message = f"expected {expected}"; assert got == expected, message',
    ],
)
def test_a_value_in_a_message_is_refused(tmp_path: Path, code: str) -> None:
    [problem] = message_problems(files_with(tmp_path, code), {})
    assert "can hold a value of the test" in problem.what and problem.file.endswith("hidden_tests.py")


@pytest.mark.parametrize(
    "code",
    [
        'assert got == expected, "It is another number"',
        'assert got == expected, f"It is wrong for {label}"',
        'assert got == expected, f"It {fault(got)}"',
        'assert got == expected, f"It is number {NAMES[place]}"',
        'message = "It is wrong"; assert got == expected, message',
        'assert learner.first([f"{expected}"]) == expected, "It is wrong"',
    ],
)
def test_fixed_texts_are_not(tmp_path: Path, code: str) -> None:
    assert message_problems(files_with(tmp_path, code), {}) == []


def test_runs_show_what_the_source_does_not(tmp_path: Path) -> None:
    """Here a value reaches the message through a loop, which the look at the source does not follow."""
    files = files_with(tmp_path, 'assert got == expected, f"It is wrong for {value}"')
    assert message_problems(files, {"m": [said("It is wrong for a short list")]}) == []
    assert message_problems(files, {"m": [said("It is wrong for a long list.")]}) == []
    [problem] = message_problems(files, {"m": [said("It is wrong for [0.25]")]})
    assert "`[0.25]` is no text of this file" in problem.what


def said(message: str) -> Report:
    import msgspec

    failed = report(["test_first"])
    tests = tuple(
        msgspec.structs.replace(test, message=message) if test.message else test for test in failed.tests
    )
    return msgspec.structs.replace(failed, tests=tests)
