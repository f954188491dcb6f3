"""What an author reads of a validation: short paths, and what is wrong beside the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.placeholders import placeholders
from grader.authoring.validation import Validation
from grader.cli.text import screen
from grader.cli.validate_lines import lines
from grader.content.problem import Problem
from grader.files import near


def test_placeholders_come_first_and_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    unwritten = placeholders("a: 'TODO: write it'", tmp_path / "b.yaml")
    wrong = Problem(str(tmp_path / "a.yaml"), 3, "it is wrong", "fix it")
    shown = Validation(course="", ok=False, problems=(wrong, *unwritten), exercises=(), seconds=1.0)
    assert [*lines(shown, screen())] == [
        "b.yaml:1: this is still to be written: TODO: write it — replace it",
        "a.yaml:3: it is wrong — fix it",
        "",
        "Not proven. One thing is broken, and one placeholder is left (1 s).",
    ]


@pytest.mark.parametrize(("path", "shown"), [("a/b.yaml", "a/b.yaml"), ("../c.yaml", "../c.yaml")])
def test_only_paths_below_the_current_directory_are_shortened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, shown: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert near(path) == shown
    assert near(tmp_path / "here" / "a" / "b.yaml") == "a/b.yaml"
    assert near(tmp_path / "c.yaml") == str(tmp_path / "c.yaml")
