"""Sheets with questions about learners' own code."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import msgspec
import pytest
from judging import course_command
from own_course import FILE, RIGHT, write_own_course

from grader.classroom.exports.bank import Notes
from grader.classroom.own_banks import BankFormat, bank_of
from grader.classroom.own_sheets import Talk, require_new, sheet
from grader.content.questions import NumericQuestion, Option, SingleQuestion
from grader.errors import CourseError
from grader.judge.own_code import sentences
from grader.judge.own_questions import OwnQuestion

QUESTION = SingleQuestion(
    id="own-x", prompt="What is it?", explain="It is 2.", concepts=("sums",), section="2",
    options=(Option(text="1", why=""), Option(text="2", why="", correct=True), Option(text="3", why="")),
)  # fmt: skip
OWN = OwnQuestion(
    exercise="exercise-sum", function="add", template="result", family="behavior", level=1, guess=0.3,
    source="s", question=QUESTION,
)  # fmt: skip


def test_a_sheet_has_no_key() -> None:
    talk = Talk("ada", "exercise-sum", "x", (OWN,))
    text, keys = sheet(talk, with_keys=False), sheet(talk, with_keys=True)
    assert "- b) 2" in text
    assert "Key" not in text
    assert QUESTION.explain not in text
    assert "**Key:** b) 2" in keys


def test_a_directory_with_files_is_refused_before_grading(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_text("")  # the Finder writes it
    require_new(tmp_path)
    (tmp_path / "old.md").write_text("")
    with pytest.raises(CourseError, match="is not an empty directory"):
        require_new(tmp_path)


def test_who_passes_gets_a_sheet_and_who_does_not_gets_none(tmp_path: Path) -> None:
    root = write_own_course(tmp_path / "course")
    for learner, source in {"ada": RIGHT, "bob": "def add(a, b):\n    return 0\n"}.items():
        (tmp_path / "class" / learner).mkdir(parents=True)
        (tmp_path / "class" / learner / FILE).write_text(source)
    done = course_command(
        *("grade", "class", "--own-code", "talks", "--bank", "gift", "--jobs", "1"),
        cwd=tmp_path,
        COURSE_DIR=str(root),
    )
    assert done.returncode == 0, done.stderr
    names = sorted(path.relative_to(tmp_path / "talks").as_posix() for path in tmp_path.glob("talks/*/*"))
    assert names.pop(0) == "banks/ada-exercise-sum.txt"
    assert names == ["keys/ada-exercise-sum.md", "keys/questions.json", "sheets/ada-exercise-sum.md"]
    assert "on 1 sheet in talks, after " in done.stdout
    assert "  1 submission has no sheet, because no function passes all its tests.\n" in done.stdout
    table = tmp_path / "talks/answers.csv"
    first, *others = [line for line in table.read_text().splitlines() if line.startswith("ada-")]
    assert others
    table.write_text(table.read_text().replace(first, f"{first}-"))  # ada had no answer
    report = course_command(
        *("report", "grades", "--own-code", "talks", "--anonymous"), cwd=tmp_path, COURSE_DIR=str(root)
    )
    assert report.returncode == 0, report.stderr
    told = r"learner-\w+, exercise-sum: passes 2 of 2 functions, answered 0 of 1 \(0% to 79%\)"
    assert re.search(told, " ".join(report.stdout.split()))
    assert "ada" not in report.stdout


def test_without_any_sheet_the_reasons_are_told_and_nothing_is_left(tmp_path: Path) -> None:
    root = write_own_course(tmp_path / "course")
    for learner in ("ada", "bob"):
        (tmp_path / "class" / learner).mkdir(parents=True)
        (tmp_path / "class" / learner / FILE).write_text("def add(a, b):\n    return 0\n")
    grade = ["grade", "class", "--own-code", "talks", "--jobs", "1"]
    done = course_command(*grade, cwd=tmp_path, COURSE_DIR=str(root))
    assert done.returncode == 0, done.stderr
    assert "Questions about code: none, so talks is not written.\n" in done.stdout
    assert "  2 submissions have no sheet, because no function passes all its tests.\n" in done.stdout
    assert not (tmp_path / "talks").exists()
    (root / "exercises/exercise-sum/own_code.py").unlink()
    done = course_command(*grade, "--again", cwd=tmp_path, COURSE_DIR=str(root))
    assert "  2 submissions have no sheet, because exercise-sum has no own_code.py.\n" in done.stdout


def test_without_any_code_that_is_said(tmp_path: Path) -> None:
    root = write_own_course(tmp_path / "course")
    (tmp_path / "class/ada").mkdir(parents=True)
    (tmp_path / "class/ada/tiny_answers.yaml").write_text("tiny-q1: b\n")
    done = course_command("grade", "class", "--own-code", "talks", cwd=tmp_path, COURSE_DIR=str(root))
    assert done.returncode == 0, done.stderr
    assert "  No code was graded, only quizzes or files that could not be read.\n" in done.stdout
    assert not (tmp_path / "talks").exists()


def test_a_directory_that_cannot_be_made_is_refused_before_grading(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"cannot be made in .*file — name another one with"):
        require_new(tmp_path / "file" / "talks")


@pytest.mark.parametrize("form", BankFormat)
def test_a_bank_has_the_questions_and_a_name_that_every_platform_takes(form: BankFormat) -> None:
    call = sentences.own_line_count("add(2, 3)", "line 4 (`x = 1`)")
    counted = NumericQuestion(
        id="own-y", prompt=call, explain="So.", concepts=("sums",), section="2", answer="5", otherwise="No."
    )
    talk = Talk("Ada <L.> & co", "exercise-sum", "x", (OWN, msgspec.structs.replace(OWN, question=counted)))
    file, data = bank_of("Ada-exercise-sum", talk, form, Notes())
    assert file.startswith("Ada-exercise-sum.")
    if form is BankFormat.QTI:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            data = b"".join(map(package.read, names))
        assert all(re.fullmatch(r"[\w./-]+", name) for name in names)
    text = data.decode()
    assert "own-x" in text and "own-y" in text
    assert "add(2, 3)" in text and "```" not in text


def test_a_bank_needs_a_directory(tmp_path: Path) -> None:
    done = course_command("grade", "class", "--bank", "gift", cwd=tmp_path)
    assert done.returncode == 2
    assert "--bank writes the questions of --own-code DIR" in done.stderr
