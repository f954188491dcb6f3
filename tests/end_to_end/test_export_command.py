"""`course export`, as an instructor runs it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from class_samples import exercise_result, failed, write_results
from conftest import Run


def test_a_quiz_is_written_for_each_system(run: Run, tiny: Path, tmp_path: Path) -> None:
    for form in ("qti", "moodle-xml", "gift"):
        done = run("--course", tiny, "export", "quiz", "tiny", "--format", form, "-o", form)
        assert (done.returncode, done.stdout) == (0, f"Wrote {form}: 3 questions.\n")
    assert len(ET.parse(tmp_path / "moodle-xml").findall("question")) == 4
    assert (tmp_path / "gift").read_text().count("::tiny-q") == 3
    with zipfile.ZipFile(tmp_path / "qti") as package:
        assert "imsmanifest.xml" in package.namelist()
    assert "Note: tiny-q1, tiny-q3: the hints are left out" in done.stderr


def test_practice_questions_are_written_too(run: Run, tmp_path: Path) -> None:
    done = run("export", "quiz", "day4", "--practice", "--format", "moodle-xml", "-o", "p.xml")
    assert done.returncode == 0, done.stderr
    assert "in the course it earns none" in done.stderr
    assert "{{" not in (tmp_path / "p.xml").read_text()


def test_grades_are_written_and_what_is_missing_is_said(run: Run, tiny: Path, tmp_path: Path) -> None:
    out = write_results(tmp_path / "out", [exercise_result("ann", [1, 0]), failed("bob")])
    grades = ["--course", tiny, "export", "grades", out, "--format", "moodle", "-o", "grades.csv"]
    done = run(*grades)
    assert done.returncode == 0, done.stderr
    assert "bob: something could not be graded here" in done.stderr
    assert (tmp_path / "grades.csv").read_text() == "Username,exercise-sum\nann,1\nbob,\n"
    (tmp_path / "roster.csv").write_text("Username,Adding\nann,\n")
    done = run(*grades, "--roster", "roster.csv")
    assert done.returncode == 1
    assert "bob: not in roster.csv" in done.stderr
    assert (tmp_path / "grades.csv").read_text() == "Username,Adding\nann,1\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["quiz", "tinny", "--format", "qti", "-o", "x"], 2, "did you mean tiny?"),
        (["quiz", "tiny", "--practice", "--format", "qti", "-o", "x"], 2, "this course has none"),
        (["quiz", "tiny", "--format", "qti", "-o", "nowhere/x"], 3, "cannot be written"),
        (["grades", "nowhere", "--format", "canvas", "-o", "x"], 2, "there is no nowhere"),
        (["gradescope", "exercise-som", "-o", "x.zip"], 2, "did you mean exercise-sum?"),
    ],
)
def test_wrong_use_is_said_and_leaves_nothing(
    run: Run, tiny: Path, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    done = run("--course", tiny, "export", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert [path for path in tmp_path.iterdir() if path.name.startswith(("x", "."))] == []
