"""Which runs of an exercise have to be made again after an edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from sound_course import EXERCISE_YAML, HIDDEN_TESTS, SOLUTION_PY, STARTER_PY, SoundCourse

from grader.authoring.known_runs import KnownRuns, run_key
from grader.authoring.material import ExerciseFiles, Material
from grader.content.course import Course
from grader.judge.client.pool import Task
from grader.judge.jobs import EVERYTHING, Scope
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

ADDS, SECOND = (f"exercises/exercise-x/mistakes/{name}.py" for name in ("adds_the_factor", "second_one"))
NAMES = ("starter", "solution", "adds-the-factor", "second-one")


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path / "sound")


def keys(sound: SoundCourse, scope: Scope | None = None) -> dict[str, str]:
    """Return the keys of the runs of a course as it is now."""
    material = Material.of(Course(sound.root))
    exercise = material.exercises["exercise-x"]
    files = ExerciseFiles(material, exercise)
    solution = Cell("solution.py", files.solution.source)
    runs = {
        "starter": ((Cell("starter.py", files.starter.source),), EVERYTHING),
        "solution": ((solution,), EVERYTHING),
    }
    for mistake in exercise.mistakes:
        cell = Cell(mistake.file, files.mistakes[mistake.id].source)
        runs[mistake.id] = ((solution, cell), scope or Scope((mistake.function,)))
    return {
        name: run_key(
            exercise, files.digests, Task("exercise-x", Submission(cells[-1].label, cells), 7, tests)
        )
        for name, (cells, tests) in runs.items()
    }


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in NAMES if before[name] != after[name]}


@pytest.mark.parametrize(
    ("file", "old", "new", "again"),
    [
        (EXERCISE_YAML, "Where does counting start?\n    section", "Look again.\n    section", set()),
        (EXERCISE_YAML, '["Think of one number first."]', '["Think."]', set()),
        (EXERCISE_YAML, "title: X", "title: Y", set()),
        (STARTER_PY, "def first(x):\n    raise", "def first(x):\n    # here\n    raise", {"starter"}),
        (ADDS, "+ factor", "+ factor + 0", {"adds-the-factor"}),
        (SECOND, "x[1]", "x[2]", {"second-one"}),
        (EXERCISE_YAML, "{y: float}", "{y: array}", {*NAMES}),
        (HIDDEN_TESTS, "Not all are multiplied", "Not all", {*NAMES}),
        (SOLUTION_PY, "* factor", "* factor * 1", {*NAMES}),
    ],
)
def test_an_edit_repeats_the_runs_that_it_can_change(
    sound: SoundCourse, file: str, old: str, new: str, again: set[str]
) -> None:
    before = keys(sound)
    sound.replace(file, old, new)
    assert changed(before, keys(sound)) == again


def test_mistakes_of_one_function_are_compared_with_each_other(sound: SoundCourse) -> None:
    sound.replace(EXERCISE_YAML, "function: scaled\n    misconception", "function: first\n    misconception")
    before = keys(sound)
    sound.replace(ADDS, "+ factor", "+ factor + 0")
    assert changed(before, keys(sound)) == {"adds-the-factor", "second-one"}


def test_a_mistake_that_could_change_all_functions_is_compared_with_all(sound: SoundCourse) -> None:
    before = keys(sound, EVERYTHING)
    sound.replace(ADDS, "+ factor", "+ factor + 0")
    assert changed(before, keys(sound, EVERYTHING)) == {"adds-the-factor", "second-one"}


def test_a_new_mistake_repeats_nothing_of_other_functions(sound: SoundCourse) -> None:
    before = keys(sound)
    sound.append(
        EXERCISE_YAML, "  - {id: third, function: first, misconception: off-by-one, says: Look again.}\n"
    )
    sound.write("exercises/exercise-x/mistakes/third.py", "def first(x):\n    return float(x[2])\n")
    assert changed(before, keys(sound)) == {"second-one"}


def test_a_file_that_tests_may_read_counts(sound: SoundCourse) -> None:
    before = keys(sound)
    sound.write("exercises/exercise-x/numbers.csv", "1,2\n")
    assert changed(before, keys(sound)) == {*NAMES}


def test_the_oldest_reports_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.authoring.known_runs.MOST", 2)
    known = KnownRuns()
    for key in "abc":
        known.keep(key, key)  # type: ignore[arg-type]
    assert [known.recall(key) for key in "abc"] == [None, "b", "c"]
