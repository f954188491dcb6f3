"""Sheets with questions about learners' own code."""

from __future__ import annotations

from pathlib import Path

import pytest
from judging import course_command
from own_course import FILE, RIGHT, write_own_course

from grader.classroom.own_sheets import Talk, require_new, sheet
from grader.content.questions import Option, SingleQuestion
from grader.errors import CourseError
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
    (tmp_path / "old.md").write_text("")
    with pytest.raises(CourseError, match="is not an empty directory"):
        require_new(tmp_path)


def test_who_passes_gets_a_sheet_and_who_does_not_gets_none(tmp_path: Path) -> None:
    root = write_own_course(tmp_path / "course")
    for learner, source in {"ada": RIGHT, "bob": "def add(a, b):\n    return 0\n"}.items():
        (tmp_path / "class" / learner).mkdir(parents=True)
        (tmp_path / "class" / learner / FILE).write_text(source)
    done = course_command(
        *("grade", "class", "--own-code", "talks", "--jobs", "1"), cwd=tmp_path, COURSE_DIR=str(root)
    )
    assert done.returncode == 0, done.stderr
    names = sorted(path.relative_to(tmp_path / "talks").as_posix() for path in tmp_path.glob("talks/*/*"))
    assert names == ["keys/ada-exercise-sum.md", "keys/questions.json", "sheets/ada-exercise-sum.md"]
    assert "sheets in talks" in done.stdout
    table = tmp_path / "talks/answers.csv"
    first, *others = [line for line in table.read_text().splitlines() if line.startswith("ada-")]
    assert others
    table.write_text(table.read_text().replace(first, f"{first}-"))  # ada had no answer
    report = course_command("report", "grades", "--own-code", "talks", cwd=tmp_path, COURSE_DIR=str(root))
    assert report.returncode == 0, report.stderr
    text = " ".join(report.stdout.split())
    assert "ada, exercise-sum: passes 2 of 2 functions, answered 0 of 1 (0% to 79%)" in text
    hidden = course_command(
        *("report", "grades", "--own-code", "talks", "--anonymous"), cwd=tmp_path, COURSE_DIR=str(root)
    )
    assert "answered 0 of 1" in hidden.stdout and "ada" not in hidden.stdout
