"""Placeholders of templates are found with their lines; notes of the author are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from sound_course import HIDDEN_TESTS, SoundCourse

from grader.authoring.placeholders import placeholders
from grader.authoring.validation import validate
from grader.content.course import Course

YAML = """\
title: "TODO: name it"  # TODO: a note of the author
text: |

  TODO: write it
  in two lines
hints: [Write a TODO list., "TODO: ask", TODOS]
"""
PYTHON = '''\
"""
TODO: say what this is."""

# TODO: a note of the author
def f(x):
    raise NotImplementedError("TODO: write f")  # noqa
'''


def found(source: str, name: str) -> list[tuple[int, str]]:
    return [(each.line, each.what.partition(": ")[2]) for each in placeholders(source, Path(name))]


def test_texts_in_yaml_that_begin_with_todo() -> None:
    assert found(YAML, "x.yaml") == [(1, "TODO: name it"), (4, "TODO: write it"), (6, "TODO: ask")]


def test_texts_in_python_that_begin_with_todo() -> None:
    assert found(PYTHON, "x.py") == [(2, "TODO: say what this is."), (6, "TODO: write f")]


@pytest.mark.parametrize("source", ["", "def f(:", "x = 1"])
def test_a_file_without_placeholders(source: str) -> None:
    assert found(source, "x.py") == []


def test_validation_names_the_place_and_runs_no_test_that_is_not_written(tmp_path: Path) -> None:
    sound = SoundCourse(tmp_path)
    sound.replace(HIDDEN_TESTS, '"""Any numbers are multiplied."""', '"""TODO: name it."""')
    validation = validate(Course(tmp_path), "exercise-x", seeds=1)
    assert [str(problem) for problem in validation.problems] == [
        f"{tmp_path / HIDDEN_TESTS}:{sound.line(HIDDEN_TESTS, 'TODO')}: "
        "this is still to be written: TODO: name it. — replace it"
    ]
    assert validation.exercises[0].seeds == ()
