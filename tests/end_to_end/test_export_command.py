"""`course export`, as an instructor runs it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from class_samples import exercise_result, failed, write_results
from running import Run


def test_a_quiz_is_written_for_each_system(run: Run, tiny: Path, tmp_path: Path) -> None:
    for form in ("qti", "moodle-xml", "gift"):
        done = run("--course", tiny, "export", "quiz", "tiny", "--format", form, "-o", form)
        assert (done.returncode, done.stdout) == (0, f"Wrote {form}: 3 questions.\n")
    assert len(ET.parse(tmp_path / "moodle-xml").findall("question")) == 4
    assert (tmp_path / "gift").read_text().count("::tiny-q") == 3
    with zipfile.ZipFile(tmp_path / "qti") as package:
        assert "imsmanifest.xml" in package.namelist()
    assert "Note: tiny-q1, tiny-q3: hints are left out" in done.stderr


def test_practice_questions_are_written_too(run: Run, tmp_path: Path) -> None:
    done = run("export", "quiz", "day4", "--practice", "--format", "moodle-xml", "-o", "p.xml")
    assert done.returncode == 0, done.stderr
    assert "in the course they earn none" in done.stderr
    assert "{{" not in (tmp_path / "p.xml").read_text()


def test_grades_are_written_and_missing_ones_are_reported(run: Run, tiny: Path, tmp_path: Path) -> None:
    out = write_results(tmp_path / "out", [exercise_result("ann", [1, 0]), failed("bob")])
    grades = ["--course", tiny, "export", "grades", out, "--format", "moodle", "-o", "grades.csv"]
    done = run(*grades)
    assert done.returncode == 0, done.stderr
    assert "bob: ungraded work has an empty cell" in done.stderr
    assert (tmp_path / "grades.csv").read_text() == "Username,exercise-sum\nann,1\nbob,\n"
    (tmp_path / "roster.csv").write_text("Username,Adding\nann,\n")
    done = run(*grades, "--roster", "roster.csv")
    assert done.returncode == 1
    assert "bob: not in roster.csv" in done.stderr
    assert (tmp_path / "grades.csv").read_text() == "Username,Adding\nann,1\n"


def test_learners_without_a_clear_roster_entry_are_left_out_and_named(
    run: Run, tiny: Path, tmp_path: Path
) -> None:
    out = write_results(tmp_path / "out", [exercise_result(name, [1]) for name in ("ann", "Ann", "bob")])
    (tmp_path / "roster.csv").write_text("Username\nann\n")
    done = run(
        *("--course", tiny, "export", "grades", out, "--format", "moodle"),
        *("--roster", "roster.csv", "-o", "grades.csv"),
    )
    assert done.returncode == 1
    assert "Note: bob: not in roster.csv; left out" in done.stderr
    assert "Note: Ann: the line of roster.csv that matches (ann) also matches ann; left out" in done.stderr
    assert "Note: to add those who are left out, name their directory after their Username in" in done.stderr
    assert (tmp_path / "grades.csv").read_text() == "Username,exercise-sum\nann,1\n"


@pytest.mark.parametrize("ending", [".", "results.jsonl"])
@pytest.mark.parametrize(
    "at",
    ["roster.csv", "out/../roster.csv", "link.csv", "out/results.jsonl", "out/run.json", "out/grades.csv"],
)
def test_source_files_of_the_grades_are_not_overwritten(
    run: Run, tiny: Path, tmp_path: Path, at: str, ending: str
) -> None:
    out = write_results(tmp_path / "out", [exercise_result("ann", [1])])
    for name in ("run.json", "grades.csv"):
        (out / name).write_text("{}")
    (tmp_path / "roster.csv").write_text("Username\nann\n")
    (tmp_path / "link.csv").symlink_to("roster.csv")
    before = _files(tmp_path)
    done = run(
        *("--course", tiny, "export", "grades", f"out/{ending}", "--format", "moodle"),
        *("--roster", "roster.csv", "-o", at),
    )
    assert done.returncode == 2
    assert "would be overwritten — name another file with -o" in done.stderr
    assert _files(tmp_path) == before


def test_the_course_is_not_overwritten(run: Run, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tiny / "quizzes")
    before = _files(tiny)
    for arguments in (
        ["quiz", "tiny", "--format", "gift", "-o", tiny / "quizzes" / "tiny.yaml"],
        ["quiz", "tiny", "--format", "gift", "-o", "link/new.yaml"],
        ["gradescope", "exercise-sum", "-o", tiny / "exercises" / "exercise-sum" / "solution.py"],
    ):
        done = run("--course", tiny, "export", *arguments)
        assert done.returncode == 2
        assert "is inside the course" in done.stderr
        assert _files(tiny) == before


def test_text_exports_can_be_printed(run: Run, tiny: Path, tmp_path: Path) -> None:
    out = write_results(tmp_path / "out", [exercise_result("zoë", [1])])
    quiz = ["quiz", "tiny", "--format"]
    for arguments in ([*quiz, "moodle-xml"], [*quiz, "gift"], ["grades", out, "--format", "canvas"]):
        export = ["--course", tiny, "export", *arguments, "-o"]
        assert run(*export, "file").returncode == 0
        done = run(*export, "-", env={"PYTHONIOENCODING": "ascii"})
        assert done.returncode == 0, done.stderr
        assert done.stdout == (tmp_path / "file").read_text()
    assert not (tmp_path / "-").exists()


def test_a_zip_is_not_printed(run: Run, tiny: Path, tmp_path: Path) -> None:
    for arguments in (["quiz", "tiny", "--format", "qti"], ["gradescope", "exercise-sum"]):
        done = run("--course", tiny, "export", *arguments, "-o", "-")
        assert (done.returncode, done.stdout) == (2, "")
        assert "a zip file cannot be printed — name a file with -o" in done.stderr


def test_a_kit_is_not_exported(run: Run, tiny: Path, tmp_path: Path) -> None:
    (tiny / "kit.yaml").write_text("version: v1\nexercises: {}\n")
    for arguments in (
        ["quiz", "tiny", "--format", "qti"],
        ["quiz", "tiny", "--practice", "--format", "gift"],
        ["gradescope", "exercise-sum"],
    ):
        done = run("--course", tiny, "export", *arguments, "-o", "x")
        assert done.returncode == 2
        assert "is a learner's kit" in done.stderr
        assert "cannot be exported" in done.stderr
        assert not (tmp_path / "x").exists()


def _files(directory: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["quiz", "tinny", "--format", "qti", "-o", "x"], 2, "did you mean tiny?"),
        (["quiz", "tiny", "--practice", "--format", "qti", "-o", "x"], 2, "this course has none"),
        (["quiz", "tiny", "--format", "qti", "-o", "nowhere/x"], 3, "cannot be written"),
        (["grades", "nowhere", "--format", "canvas", "-o", "x"], 2, "there is no nowhere"),
        (["gradescope", "exercise-som", "-o", "x.zip"], 2, "did you mean exercise-sum?"),
    ],
)
def test_wrong_use_is_explained_and_leaves_no_files(
    run: Run, tiny: Path, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    done = run("--course", tiny, "export", *arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert [path for path in tmp_path.iterdir() if path.name.startswith(("x", "."))] == []
