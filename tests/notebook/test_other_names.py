"""Which released notebook a file with another name holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.notebook.other_names import note, other_names, shown

RELEASED = {
    "exercise-lstm": frozenset({"exercise-lstm--f", "exercise-lstm--f--test", "mine"}),
    "exercise-rnn": frozenset({"exercise-rnn--g", "exercise-rnn--g--test", "mine"}),
    "day4": frozenset({"day4-q1", "day4-q1--test"}),
}
LSTM = ("exercise-lstm--f", "exercise-lstm--f--test")


def notebook(*grade_ids: str, origin: str = "") -> str:
    cells: list[Any] = [
        {"cell_type": "code", "source": "", "metadata": {"nbgrader": {"grade_id": each}}}
        for each in grade_ids
    ]
    about = {"course": {"kind": "exercise", "id": origin, "version": "v"}} if origin else {}
    return json.dumps({"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5})


def found(place: Path, **files: str) -> dict[str, tuple[str, ...]]:
    """Write files, given as name without suffix -> content, and look through them."""
    for name, content in files.items():
        (place / f"{name}.ipynb").write_text(content)
    return other_names(place.iterdir(), RELEASED)


@pytest.mark.parametrize(
    "name", ["my homework", "exercise-rnn (1)", "exercise_lstm", "lstm", "exercise-lstm (1)", "день 4"]
)
def test_the_grade_ids_decide_whatever_the_name(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, **{name: notebook(*LSTM)}) == {"exercise-lstm": (f"{name}.ipynb",)}


def test_the_origin_decides_without_grade_ids(tmp_path: Path) -> None:
    assert found(tmp_path, homework=notebook(origin="exercise-rnn")) == {"exercise-rnn": ("homework.ipynb",)}


@pytest.mark.parametrize(
    "name", ["exercise_lstm", "Exercise LSTM", "exercise-lstm(3)", "exercise-lstm-Copy1", "exercise-lstm 2"]
)
@pytest.mark.parametrize("content", [notebook(), "not a notebook"])
def test_the_name_decides_without_either(tmp_path: Path, name: str, content: str) -> None:
    assert found(tmp_path, **{name: content}) == {"exercise-lstm": (f"{name}.ipynb",)}


@pytest.mark.parametrize("content", [notebook(), notebook("mine"), notebook("other"), "[]", ""])
def test_what_fits_no_notebook_or_several_is_left(tmp_path: Path, content: str) -> None:
    assert found(tmp_path, homework=content) == {}


def test_the_file_that_has_most_of_a_notebook_s_cells_is_that_notebook(tmp_path: Path) -> None:
    assert found(tmp_path, both=notebook(*LSTM, "day4-q1")) == {"exercise-lstm": ("both.ipynb",)}


def test_files_with_the_right_name_are_left(tmp_path: Path) -> None:
    assert found(tmp_path, **{"exercise-rnn": notebook(*LSTM)}) == {}
    (tmp_path / "helper.py").write_text(notebook(*LSTM))
    assert found(tmp_path) == {}


def test_the_highest_number_is_the_newest(tmp_path: Path) -> None:
    names = ("work", "work (2)", "work (10)", "work-Copy1", "a")
    assert found(tmp_path, **dict.fromkeys(names, notebook(*LSTM)))["exercise-lstm"] == (
        *("work (10).ipynb", "work (2).ipynb", "work-Copy1.ipynb", "a.ipynb", "work.ipynb"),
    )


def test_a_note_says_which_file_counts() -> None:
    assert note("x", ("y.ipynb",), True) == "y.ipynb was graded as x.ipynb."
    assert note("x", ("y (1).ipynb", "y.ipynb"), True) == (
        "y (1).ipynb was graded as x.ipynb. y.ipynb also holds the same notebook and did not count."
    )
    assert note("x", ("y.ipynb",), False) == "Only x.ipynb was graded. y.ipynb also holds the same notebook."
    many = note("x", tuple(f"{n}.ipynb" for n in range(6)), False)
    assert "0.ipynb, 1.ipynb, 2.ipynb and 3 other files also hold the same notebook." in many


def test_any_file_name_can_be_shown() -> None:
    assert shown("a\udcff\nb.ipynb") == "a? b.ipynb"
