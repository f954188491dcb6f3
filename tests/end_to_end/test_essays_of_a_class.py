"""Essays from hand-in to grade: `course grade`, `course report`, marks, and grade again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from grading_place import Place
from quiz_of_new_kinds import ASKED, QUESTIONS

from grader.content.course import Course
from grader.notebook.lesson_cells import lesson_notebook

MARKS = """\
timezone: Europe/Berlin
marks:
  - {learner: ada, work: tiny, question: tiny-q4, points: 3, who: Ng, when: 2026-11-27}
"""


def test_an_instructor_reads_and_marks_them(tmp_path: Path) -> None:
    """One learner hands in a file of answers, another one the lesson's notebook."""
    place = Place(tmp_path)
    place.course.replace("lessons/tiny.yaml", *ASKED)
    place.course.append("quizzes/tiny.yaml", QUESTIONS)
    place.hand_in("ada", 'tiny-q1: b\ntiny-q4: "To share\\nbread."\n', "tiny_answers.yaml")
    notebook = lesson_notebook(Course(place.course.root), "tiny")
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "tiny-q4":
            cell["source"] = "To *compare*."
    place.hand_in("bob", json.dumps(notebook), "tiny.ipynb")
    (tmp_path / "class.yaml").write_text("timezone: Europe/Berlin\n")

    def graded(*options: str) -> dict[str, float]:
        done = place.run("grade", "class", "--quiz", "tiny", "--class", "class.yaml", *options)
        assert done.returncode == 0, done.stderr
        rows = csv.DictReader((tmp_path / "grades/grades.csv").read_text().splitlines())
        return {row["learner"]: float(row["tiny"]) for row in rows}

    assert graded() == {"ada": 1.0, "bob": 0.0}
    said = place.run("report", "grades").stdout
    assert "Essay tiny-q4 of tiny, 4 points\n- ada (no points yet): To share bread.\n" in said
    assert "- bob (no points yet): To *compare*." in said
    (tmp_path / "class.yaml").write_text(MARKS)
    assert graded("--again") == {"ada": 4.0, "bob": 0.0}


# --- in a spreadsheet ---


@pytest.fixture
def essays(tmp_path: Path) -> Place:
    """A class of three, graded before there was an option for marks."""
    place = Place(tmp_path)
    place.course.replace("lessons/tiny.yaml", *ASKED)
    place.course.append("quizzes/tiny.yaml", QUESTIONS)
    texts = {"ada": "To share\nbread; “fairly”.", "bob": "=1+1", "José": "Für Märkte."}
    for learner, text in texts.items():
        place.hand_in(learner, json.dumps({"tiny-q1": "b", "tiny-q4": text}), "tiny_answers.yaml")
    place.hand_in("eve", "tiny-q1: b\n", "tiny_answers.yaml")
    assert place.grade().returncode == 0
    file = tmp_path / "grades/run.json"
    run = json.loads(file.read_text())
    assert (run.pop("marks_file"), run.pop("marks_text")) == (None, "")
    file.write_text(json.dumps(run))
    return place


def table(place: Place) -> list[dict[str, str]]:
    text = (place.root / "essays.csv").read_text("utf-8-sig")
    return [*csv.DictReader(io.StringIO(text, newline=""))]


def fill_in(place: Place, given: Mapping[str, tuple[str, str]]) -> None:
    """Type points and comments, given by learner, and save the table as a spreadsheet in Europe does."""
    rows = table(place)
    for row in rows:
        row["points"], row["comment"] = given.get(row["learner"], ("", ""))
    saved = io.StringIO(newline="")
    writer = csv.DictWriter(saved, rows[0], delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    (place.root / "essays.csv").write_bytes(saved.getvalue().encode("cp1252"))


def test_an_instructor_marks_them_in_a_spreadsheet(essays: Place) -> None:
    place = essays
    done = place.run("export", "essays", "grades", "-o", "essays.csv")
    assert (done.returncode, done.stdout) == (0, "Wrote essays.csv: 3 essays, 3 without points.\n"), (
        done.stderr
    )
    rows = table(place)
    assert [*rows[0]] == ["learner", "work", "question", "answer", "of", "points", "comment"]
    assert [(row["learner"], row["answer"], row["of"], row["points"]) for row in rows] == [
        ("José", "Für Märkte.", "4", ""),
        ("ada", "To share\nbread; “fairly”.", "4", ""),
        ("bob", "'=1+1", "4", ""),
    ]

    fill_in(place, {"ada": ("2,5", "Schön – aber knapp."), "José": ("4", "")})
    done = place.grade("--again", "--marks", "essays.csv")
    assert done.returncode == 0, done.stderr
    assert place.scores() == {"ada": 3.5, "bob": 1.0, "José": 5.0, "eve": 1.0}
    assert "Marks: 1 of 3 essays has no points yet." in done.stdout
    changed = json.loads(place.run("report", "grades", "--changes", "--json").stdout)[0]["changes"]
    assert [
        (each["learner"], each["test"], each["before"], each["after"], each["why"]) for each in changed
    ] == [
        ("José", "final score", 1.0, 5.0, "marks changed"),
        ("ada", "final score", 1.0, 3.5, "marks changed"),
    ]
    said = place.run("report", "grades").stdout
    assert "- ada (2.5 points): To share bread; “fairly”." in said and "- bob (no points yet): =1+1" in said
    with (place.root / "grades/grades.csv").open(encoding="utf-8", newline="") as file:
        assert {row["learner"]: row["tiny raw"] for row in csv.DictReader(file)}["ada"] == "1"
    assert place.run("export", "feedback", "grades", "feedback").returncode == 0
    page = (place.root / "feedback/ada/tiny.html").read_text("utf-8")
    assert "Question 4: 2.5 of 4 points" in page and "Comment: Schön – aber knapp." in page

    # the file is remembered, and its marks count before those of a class file
    assert place.run("export", "essays", "grades", "-o", "essays.csv").returncode == 0
    fill_in(place, {"ada": ("2,5", "Schön – aber knapp."), "bob": ("1", "")})
    done = place.run("export", "essays", "grades", "-o", "essays.csv")
    assert done.returncode == 2
    assert (
        "essays.csv has points or comments that are not in the results: bob, tiny, tiny-q4 — apply"
        in done.stderr
    )
    (place.root / "class.yaml").write_text(MARKS)
    assert place.grade("--again", "--class", "class.yaml").returncode == 0
    assert place.scores() == {"ada": 3.5, "bob": 2.0, "José": 1.0, "eve": 1.0}
    done = place.run("export", "essays", "grades", "-o", "essays.csv")
    assert done.stdout == "Wrote essays.csv: 3 essays, 1 without points.\n", done.stderr
    assert [(row["points"], row["comment"]) for row in table(place)] == [
        ("", ""),
        ("2.5", "Schön – aber knapp."),
        ("1", ""),
    ]


def test_wrong_rows_stop_everything_before_anything_is_written(essays: Place) -> None:
    place = essays
    assert place.run("export", "essays", "grades", "-o", "essays.csv").returncode == 0
    fill_in(place, {"ada": ("5", ""), "bob": ("good", ""), "José": ("4", "")})
    path = place.root / "essays.csv"
    path.write_bytes(path.read_bytes() + b"eva;tiny;tiny-q4;;4;1;\r\n")
    before = {name: (place.root / "grades" / name).read_bytes() for name in ("run.json", "results.jsonl")}
    done = place.grade("--again", "--marks", "essays.csv")
    assert done.returncode == 2
    assert [line.removeprefix("course: ")[:40] for line in done.stderr.splitlines()] == [
        "essays.csv:3: ada, tiny, tiny-q4: 5 poin",
        "essays.csv:5: bob, tiny, tiny-q4: 'good'",
        "essays.csv:6: eva, tiny, tiny-q4: there ",
    ]
    assert {name: (place.root / "grades" / name).read_bytes() for name in before} == before
    assert not (place.root / "grades/runs").exists()
    done = place.grade("--again", "--marks", "none.csv")
    assert "there is no none.csv — name the table that `course export essays` wrote" in done.stderr


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("grades/results.jsonl", "grades/results.jsonl would be overwritten"),
        ("grades/run.json", "grades/run.json would be overwritten"),
        ("class/ada/tiny_answers.yaml", "exists, and is not a table of essays — name another file"),
        ("course/quizzes/essays.csv", "is inside the course"),
    ],
)
def test_only_a_table_of_essays_is_replaced(essays: Place, output: str, says: str) -> None:
    before = {path: path.read_bytes() for path in essays.root.rglob("*") if path.is_file()}
    done = essays.run("export", "essays", "grades", "-o", output)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_a_class_without_essays_is_told(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.hand_in("ada", "tiny-q1: b\n", "tiny_answers.yaml")
    assert place.grade().returncode == 0
    done = place.run("export", "essays", "grades", "-o", "essays.csv")
    assert done.returncode == 2
    assert done.stderr == "course: grades holds no essays — grade a quiz that has a question of kind essay\n"
    assert not (tmp_path / "essays.csv").exists()
