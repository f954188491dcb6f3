"""The exercise of a command without an id: lessons are read only if several exercises must be listed."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from grader.cli.common import the_exercise
from grader.content.course import Course

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"


@pytest.fixture(autouse=True)
def nothing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> NoReturn:
        raise AssertionError("a lesson was read")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Course, "lesson", read)


@pytest.mark.parametrize("begun", [True, False])
def test_the_only_exercise_is_found(tiny: Path, begun: bool) -> None:
    assert the_exercise(Course(tiny), None, begun=begun) == "exercise-sum"


def test_the_only_exercise_that_was_begun_is_found(tmp_path: Path) -> None:
    (tmp_path / "exercise_words.py").touch()
    assert the_exercise(Course(EXAMPLE), None) == "exercise-words"
