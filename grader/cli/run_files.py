"""The files of a run that a command reads: notes on what is missing, and a check that none is replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.output_file import check_is_none_of, note

if TYPE_CHECKING:
    from grader.classroom.read_results import Reading
    from grader.classroom.results import RunRecord


def check_is_no_run_file(output: Path, path: Path) -> None:
    """Raise CourseError if the output is a file of the run. `path` is its directory or its results."""
    from grader.classroom.results import RESULTS, RUN
    from grader.classroom.store import FEEDBACK, GRADES, LOCK

    out = path if path.is_dir() else path.parent
    check_is_none_of(output, [path, *(out / name for name in (RUN, RESULTS, GRADES, LOCK, FEEDBACK))])


def note_if_unfinished(path: Path, run: RunRecord | None, reading: Reading) -> bool:
    """Note that a run was stopped, or its last line is incomplete. Return True if the run is not finished."""
    from grader.classroom.unfinished import TORN, incomplete

    missing = incomplete(path, run, reading)
    if missing is not None:
        note(missing)
    return missing not in (None, TORN)
