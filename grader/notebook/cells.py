"""Build notebook cells as JSON objects (nbformat 4.5) with nbgrader's metadata (schema 3)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from grader.content.notebook_cells import NO_TEXT
from grader.errors import CourseError

CellJson = dict[str, Any]
SCHEMA = 3
GRADE_ID = re.compile(r"[a-zA-Z0-9_\-]+")  # nbgrader's own rule


def text(source: str, grade_id: str | None = None) -> CellJson:
    """Return a Markdown cell, which is read-only if it has a grade id."""
    return _cell("markdown", source, None if grade_id is None else _metadata(grade_id, locked=True))


def code(source: str) -> CellJson:
    """Return a code cell that learners may edit."""
    return _cell("code", source, None)


def solution(source: str, grade_id: str) -> CellJson:
    """Return a code cell for the learner's solution."""
    return _cell("code", source, _metadata(grade_id, solution=True))


def locked(source: str, grade_id: str) -> CellJson:
    """Return a read-only code cell that is not graded."""
    return _cell("code", source, _metadata(grade_id, locked=True))


def folded(cell: CellJson) -> CellJson:
    """Return a cell whose source JupyterLab hides until the learner opens it."""
    return cell | {"metadata": cell["metadata"] | {"jupyter": {"source_hidden": True}}}


def test(source: str, grade_id: str, points: float) -> CellJson:
    """Return a read-only code cell that carries points."""
    return _cell("code", source, _metadata(grade_id, grade=True, locked=True) | {"points": points})


def by_hand(grade_id: str, points: float) -> CellJson:
    """Return a Markdown cell for a text that an instructor grades; nbgrader puts the same words into it."""
    return _cell("markdown", NO_TEXT, _metadata(grade_id, grade=True, solution=True) | {"points": points})


def notebook(name: str, cells: list[CellJson], about: dict[str, str]) -> CellJson:
    """Return a notebook; `about` names its origin. The ids of cells are stable."""
    for number, cell in enumerate(cells):
        cell["id"] = cell_id(name, number)
    metadata = {
        "course": about | {"digest": digest(cells)},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def cell_id(name: str, number: int) -> str:
    """Return the id of a notebook's cell."""
    return hashlib.blake2b(f"{name}/{number}".encode(), digest_size=4).hexdigest()


def digest(cells: Sequence[CellJson]) -> str:
    """Return a short hash of all that an instructor may edit: cell types, sources, nbgrader metadata."""
    edited = [
        (cell.get("cell_type"), "".join(cell.get("source", "")), cell.get("metadata", {}).get("nbgrader"))
        for cell in cells
    ]
    encoded = json.dumps(edited, sort_keys=True).encode()
    return hashlib.blake2b(encoded, digest_size=8).hexdigest()


def _metadata(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False
) -> dict[str, Any]:
    if not GRADE_ID.fullmatch(grade_id):
        raise CourseError(
            f"{grade_id!r} cannot be a grade_id of nbgrader — use only the letters a to z, digits, - and _"
        )
    kinds = {"grade": grade, "solution": solution, "locked": locked, "task": False}
    return {"schema_version": SCHEMA, "grade_id": grade_id, **kinds}


def _cell(kind: str, source: str, nbgrader: dict[str, Any] | None) -> CellJson:
    metadata = {} if nbgrader is None else {"nbgrader": nbgrader}
    cell: CellJson = {"cell_type": kind, "metadata": metadata, "source": source.strip("\n")}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def check_yourself(name: str) -> str:
    """Return the sentence that tells learners how to get full feedback."""
    return (
        "If the `course` package is installed, run `%load_ext grader.notebook` once, then "
        f"`%check {name}` in a cell for full feedback."
    )
