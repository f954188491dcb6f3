"""A quiz of every new kind through nbgrader's own commands: released, graded, and one essay left to grade."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import pytest
from nbgrader_commands import said_by, start
from quiz_of_new_kinds import ASKED, QUESTIONS, assigned
from sound_course import SoundCourse

from grader.content.course import Course
from grader.quiz.answer import right_answer

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only"),
]


def test_an_essay_waits_for_the_instructor(tmp_path: Path) -> None:
    pytest.importorskip("nbgrader")
    sound = SoundCourse(tmp_path / "course")
    sound.replace("lessons/tiny.yaml", *ASKED)
    sound.append("quizzes/tiny.yaml", QUESTIONS)
    right = right_answer(Course(sound.root).quiz("tiny").questions[2])
    build = ("course", "--course", sound.root, "nbgrader", "build", "tiny", "--course-dir", "ours")
    said_by(start(tmp_path, tmp_path, *build))
    ours = tmp_path / "ours"
    said_by(start(tmp_path, ours, "nbgrader", "generate_assignment", "tiny"))
    notebook = json.loads((ours / "release/tiny/tiny.ipynb").read_text())
    for learner, essay in (("ada", "To share."), ("bob", None)):
        sources = assigned(q1="b", q2="Ten.", q3=f"{right[1]}{right[0]}{right[2:]}")
        sources |= {} if essay is None else {"tiny-q4": essay}
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = sources.get(grade_id, cell["source"])
        folder = ours / "submitted" / learner / "tiny"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text(json.dumps(notebook))
        notebook = json.loads((ours / "release/tiny/tiny.ipynb").read_text())
    said_by(start(tmp_path, ours, "nbgrader", "autograde", "tiny"))
    with sqlite3.connect(ours / "gradebook.db") as gradebook:
        found = gradebook.execute(
            """SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score,
                      grade.needs_manual_grade
               FROM grade
               JOIN base_cell ON grade.cell_id = base_cell.id
               JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
               JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
               WHERE base_cell.name LIKE 'tiny-%'"""
        ).fetchall()
    scores = {(learner, name): (score, bool(waits)) for learner, name, score, waits in found}
    assert scores["ada", "tiny-q4"] == (None, True)
    assert scores["bob", "tiny-q4"] == (0.0, False)  # nbgrader sees that nothing was written
    for learner in ("ada", "bob"):
        assert [scores[learner, f"tiny-q{n}--test"][0] for n in (1, 2, 3)] == [1.0, 3.0, 1.0]
