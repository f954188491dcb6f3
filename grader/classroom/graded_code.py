"""Find the code that was graded, in the submissions of a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.classroom.intake import take_in
from grader.classroom.read_results import OnDamage, read_run
from grader.classroom.results import Result
from grader.classroom.wanted import Wanted
from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.submission import Submission
from grader.tutor.ladder import definition_in

MAX_PARSED = 200_000  # characters; some texts take a minute per million
GradedCode = Mapping[tuple[str, str], Submission]  # learner, exercise -> the code


def graded_code(course: Course, path: Path, results: Sequence[Result], directory: Path | None) -> GradedCode:
    """Return the code of these results, where it is still what was graded.

    `path` are the results. Default for `directory`: the one that was graded. Raises CourseError.
    """
    run = read_run(path, OnDamage.SKIP)
    directory = directory or (Path(run.directory) if run is not None else None)
    if directory is None:
        raise CourseError(f"{path} has no run.json that names the submissions — name them with --submissions")
    wanted = Wanted(course) if run is None else Wanted(course, run.only_exercises, run.only_quizzes)
    graded = {(result.learner, result.item): result.source for result in results}
    return {
        (each.learner, each.item): each.submission
        for each in take_in(directory, wanted, path if path.is_dir() else path.parent).handed
        if each.submission is not None and graded.get((each.learner, each.item)) == each.source
    }


def text_of(submission: Submission) -> str:
    """Return the code of a submission as one text."""
    return "\n\n".join((*(cell.source for cell in submission.cells), *(f.source for f in submission.files)))


def function_in(source: str, function: str) -> str | None:
    """Return the definition of a function with what it needs; None if there is none that can be read."""
    if len(source) > MAX_PARSED:
        return None
    try:
        return definition_in(source, function)
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):
        return None
