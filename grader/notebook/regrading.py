"""Grade an nbgrader assignment again with nbgrader's own command, and compare the gradebook."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from grader.errors import EnvironmentProblem
from grader.files import copy_tree, not_written, write_whole
from grader.notebook.grades import Assignment, Kind

KEPT = "regrades"
_COMPARED = (Kind.FUNCTION, Kind.QUESTION, Kind.CELL)


class ScoreChange(Struct, frozen=True):
    """A score in the gradebook that differs; None if nothing is graded."""

    learner: str
    item: str  # the notebook
    test: str  # what is scored in it, or "total"
    before: float | None
    after: float | None
    why: str


def score_changes(before: Assignment, after: Assignment) -> tuple[ScoreChange, ...]:
    """Return the scores of cells and the totals that differ, by learner."""
    old, new = dict(_scores(before)), dict(_scores(after))
    return tuple(
        ScoreChange(*place, old.get(place), new.get(place), "autograded again")
        for place in dict.fromkeys((*old, *new))
        if old.get(place) != new.get(place)
    )


def _scores(assignment: Assignment) -> Iterator[tuple[tuple[str, str, str], float | None]]:
    for result in assignment.results:
        for score in result.of(*_COMPARED):
            yield (result.learner.id, score.notebook, score.item), score.score
        yield (result.learner.id, assignment.name, "total"), result.score


def keep_grades(directory: Path, before: Assignment) -> Path:
    """Copy the scores and the autograded notebooks to a new directory, and return it."""
    place = directory / KEPT / f"{len([*(directory / KEPT).glob('[0-9]*')]) + 1:03}"
    try:
        place.mkdir(parents=True)
        for graded in sorted(directory.glob(f"autograded/*/{before.name}")):
            copy_tree(graded, place / graded.relative_to(directory))
    except OSError as error:
        raise not_written(place, error, "nothing has been graded again") from None
    write_whole(place / "before.json", msgspec.json.format(msgspec.json.encode(before)))
    return place


def autograde_again(directory: Path, assignment: str) -> None:
    """Run `nbgrader autograde ASSIGNMENT --force`. Raises EnvironmentProblem if it fails."""
    # as in an activated environment: nbgrader starts `alembic` from PATH
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [sys.executable, "-m", "nbgrader", "autograde", assignment, "--force"]
    done = subprocess.run(command, cwd=directory, env={**os.environ, "PATH": path}, check=False)
    if done.returncode:
        raise EnvironmentProblem(
            f"nbgrader autograde {assignment} failed — its messages are above; the earlier scores are in "
            f"{directory / KEPT}"
        )
