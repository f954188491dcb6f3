"""Essays from hand-in to grade: `course grade`, `course report`, marks in class.yaml, and grade again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

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
