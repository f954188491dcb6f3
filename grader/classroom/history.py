"""The runs of a results directory: the earlier ones, which are kept, and the last one."""

from __future__ import annotations

from pathlib import Path

from grader.classroom.changes import Change, Run, changes
from grader.classroom.read_results import read_results, read_run
from grader.classroom.store import kept_runs
from grader.errors import CourseError


def runs_in(out: Path) -> tuple[Run, ...]:
    """Return all runs of a directory, the first one first. Raises CourseError."""
    return tuple(map(_read, (*kept_runs(out), out)))


def last_changes(out: Path) -> tuple[Change, ...]:
    """Return what differs between the last two runs."""
    *earlier, last = (*kept_runs(out), out)
    return changes(_read(earlier[-1]), _read(last)) if earlier else ()


def _read(place: Path) -> Run:
    record = read_run(place)
    if record is None:
        raise CourseError(f"{place} has no run.json — name the directory that `course grade` wrote")
    return Run(record, read_results(place).results)
