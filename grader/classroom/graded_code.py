"""Find the code that was graded, in the submissions of a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.classroom.intake import take_in
from grader.classroom.read_results import OnDamage, read_run
from grader.classroom.results import Result
from grader.classroom.system_names import NameRule
from grader.classroom.wanted import Wanted
from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.submission import Submission
from grader.tutor.ladder import definition_in

MAX_PARSED = 200_000  # characters; some texts take a minute per million
GradedCode = Mapping[tuple[str, str], Submission]  # learner, exercise -> the code


def graded_code(course: Course, path: Path, results: Sequence[Result], directory: Path | None) -> GradedCode:
    """Return the code of these results, where it is still what was graded.

    The code of a group is under each member.

    `path` are the results. Default for `directory`: the one that was graded. Raises CourseError.
    """
    run = read_run(path, OnDamage.SKIP)
    directory = directory or (Path(run.directory) if run is not None else None)
    if directory is None:
        raise CourseError(f"{path} has no run.json that names the submissions — name them with --submissions")
    wanted = Wanted(course) if run is None else Wanted(course, run.only_exercises, run.only_quizzes)
    rule = None if run is None or run.names is None else NameRule(run.names)
    handed = take_in(directory, wanted, path if path.is_dir() else path.parent, rule).handed
    code = {(each.learner, each.item): each for each in handed if each.submission is not None}
    found = ((each, code.get(each.place)) for each in results)
    return {
        (result.learner, result.item): work.submission
        for result, work in found
        if work is not None and work.submission is not None and work.source == result.source
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
