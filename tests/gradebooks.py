"""A gradebook with every kind of entry, written through nbgrader's own API. Requires nbgrader."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
LEARNERS = {
    "ada": ("Ada", 'Lovelace, the "first"'),
    "bob": (None, None),
    "eve": ("=cmd()", "Ève 🦊"),
    "late": ("Late", "Very"),
    "zoe": ("Zoë", "@home"),
}
CELLS = {
    "exercise-x": ["exercise-x--first--test", "exercise-x--scaled--test"],
    "week1": ["week1-q2--test", "week1-q10--test"],
}


@contextmanager
def opened(url: str) -> Iterator[Any]:
    """Open a gradebook with nbgrader, which runs `alembic` from PATH and warns about its own tables."""
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{BIN}{os.pathsep}{path}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from nbgrader.api import Gradebook

            with Gradebook(url) as gradebook:
                yield gradebook
    finally:
        os.environ["PATH"] = path


def write_class(url: str) -> None:
    """Write a class: ada is graded, bob submitted nothing, eve's run failed, late is late, zoe waits."""
    with opened(url) as book:
        book.add_assignment("week10")
        book.add_assignment("week1", duedate="2030-01-01")
        for notebook, cells in CELLS.items():
            book.add_notebook(notebook, "week1")
            for cell in cells:
                book.add_grade_cell(cell, notebook, "week1", max_score=2.5, cell_type="code")
        book.add_grade_cell("essay", "week1", "week1", max_score=3, cell_type="markdown")
        book.add_solution_cell("essay", "week1", "week1")
        book.add_task_cell("drawing", "week1", "week1", max_score=1, cell_type="markdown")
        for learner, (first, last) in LEARNERS.items():
            book.add_student(learner, first_name=first, last_name=last)
        for learner in ("ada", "eve", "late", "zoe"):
            book.add_submission("week1", learner, timestamp=datetime(2030, 1, 2, 3, 4, 5))
        for learner, score in (("ada", 1.1), ("late", 0.1), ("zoe", 0.0)):
            for notebook in book.find_submission("week1", learner).notebooks:
                notebook.late_submission_penalty = 5.0 if learner == "late" else 0.0
                for grade in notebook.grades:
                    if grade.name.endswith("--test"):
                        grade.auto_score, grade.needs_manual_grade = score, False
                    elif learner == "ada":
                        grade.manual_score, grade.needs_manual_grade = 0.7, False
        grade = book.find_grade("week1-q2--test", "week1", "week1", "ada")
        grade.manual_score, grade.extra_credit = 2.0, 0.25
        book.db.commit()


def exported(url: str, to: Path) -> dict[tuple[str, str], list[float]]:
    """Return nbgrader's own export: (assignment, learner) -> raw score, penalty, score, best score."""
    with opened(url) as book:
        from nbgrader.plugins.export import CsvExportPlugin

        CsvExportPlugin(to=str(to)).export(book)
    lines = [line.split(",") for line in to.read_text().splitlines()[1:]]  # names may hold commas
    return {(fields[0], fields[3]): [float(field) for field in fields[-4:]] for fields in lines}
