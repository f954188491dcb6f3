"""Tell whether the results of a class are those of a whole run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.classroom.read_results import Reading, resume_command
from grader.classroom.results import Result, RunRecord
from grader.classroom.store import GRADES

TORN = "the last line is incomplete and is left out, because the run was stopped"


def unfinished(path: Path, run: RunRecord | None, results: Sequence[Result]) -> str | None:
    """Return a sentence if the run that wrote these results was stopped; None if it is whole.

    `path` is the directory of the run, or its results.jsonl.
    """
    out = path if path.is_dir() else path.parent
    if run is None or not run.handed_in or (out / GRADES).exists():  # the table is written last
        return None
    done = len({result.place for result in results})
    return (
        f"this run is not finished ({done} of {run.handed_in} submissions), and final scores are missing — "
        f"continue with `{resume_command(run, out)}`"
    )


def incomplete(path: Path, run: RunRecord | None, reading: Reading) -> str | None:
    """Return a sentence if results are missing: the run was stopped, or its last line is torn."""
    stopped = unfinished(path, run, reading.results)
    return TORN if stopped is None and reading.torn else stopped
