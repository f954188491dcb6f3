"""Tell whether the results of a class are those of a whole run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.classroom.results import Result, RunRecord
from grader.classroom.store import GRADES
from grader.files import near


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
        f"continue with `course grade {near(run.directory)} --output {near(out)} --resume`"
    )
