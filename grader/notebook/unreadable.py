"""Find out which submitted notebooks cannot be read. nbgrader's gradebook only has their 0 points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from grader.notebook.grades import Assignment, AssignmentResult, Files, GradeState, HandedIn
from grader.notebook.repair import read_notebook


def with_unreadable(
    assignments: Iterable[Assignment], files: HandedIn, submitted: Path
) -> tuple[Assignment, ...]:
    """Return the assignments with the reasons why notebooks cannot be read.

    `submitted` is the directory of the `files`. Only notebooks without any points are read.
    """
    return tuple(
        replace(assignment, results=tuple(_checked(assignment, files, submitted)))
        for assignment in assignments
    )


def _checked(assignment: Assignment, files: HandedIn, submitted: Path) -> Iterator[AssignmentResult]:
    of_learners = files.get(assignment.name, {})
    for result in assignment.results:
        learner = result.learner.id
        place = submitted / learner / assignment.name
        yield replace(result, unreadable=dict(_problems(result, of_learners.get(learner, {}), place)))


def _problems(result: AssignmentResult, files: Files, place: Path) -> Iterator[tuple[str, str]]:
    """Yield notebook and reason."""
    for notebook in dict.fromkeys(score.notebook for score in result.scores):
        scores = [score for score in result.scores if score.notebook == notebook]
        is_open = any(score.status is not GradeState.NOT_SUBMITTED for score in scores)
        if notebook in files and is_open and not any(score.score for score in scores):
            _, problem = read_notebook(place / files[notebook])
            if problem:
                yield notebook, problem
