"""Predict which submissions `nbgrader autograde` will send to the judge, before it converts a notebook.

A wrong prediction costs time only: its verdict is never used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from grader.content.notebook_cells import read_cell
from grader.judge.helper_files import Find, Read, in_directory, with_helpers
from grader.judge.submission import Submission
from grader.notebook import grading, repair
from grader.notebook.repair import Original


class SubmittedNotebook(Struct, frozen=True):
    """A notebook that the command will convert, and its released cells.

    `file` may have another name than the released notebook. nbgrader copies the files in
    `masters`, the source directory, over the learner's.
    """

    name: str
    file: Path
    masters: Path
    originals: tuple[Original, ...]


def exercises_of(originals: Sequence[Original], known: Sequence[str]) -> list[str]:
    """Return the exercises of the course that a released notebook has tests of, in order."""
    named = (grading.exercise_of(each.grade_id) for each in originals if each.is_test)
    return [*dict.fromkeys(each[0] for each in named if each is not None and each[0] in known)]


def expected_submission(notebook: SubmittedNotebook) -> Submission:
    """Return the learner's code as the judge will get it after nbgrader's own steps."""
    content, _ = repair.read_notebook(notebook.file)
    cells, _ = repair.repair_cells(content["cells"], notebook.originals)
    locked = {each.grade_id: each.source for each in notebook.originals if each.locked}
    for cell in cells:
        grade_id = read_cell(cell).grade_id
        if grade_id in locked:  # as nbgrader's OverwriteCells does
            cell["source"] = locked[grade_id]
    submission = grading.submission_of(cells, f"{notebook.name}.ipynb")
    return with_helpers(
        submission, _first_of(in_directory(notebook.masters), in_directory(notebook.file.parent))
    )


def _first_of(*searches: Find) -> Find:
    def find(path: str) -> Read | None:
        return next(_found(search(path) for search in searches), None)

    return find


def _found(reads: Iterator[Read | None]) -> Iterator[Read]:
    return (read for read in reads if read is not None)
