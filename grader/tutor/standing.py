"""A learner's standing in a course or a kit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from grader.content.course import Course
from grader.progress.attempt import Attempt
from grader.progress.evidence import Contents
from grader.progress.standing import Standing
from grader.progress.suggestion import first_step
from grader.progress.summary import standing
from grader.tutor.learner_file import HERE, begun_exercises

KIT_DONE = "Every exercise passes its visible tests. Answer the quizzes, and hand everything in."


def learner_standing(
    course: Course, contents: Contents, attempts: list[Attempt], now: datetime, directory: Path = HERE
) -> Standing:
    """Return the learner's standing, with a next step that fits the files in `directory`.

    In a kit, the next step does not depend on quizzes, which are sealed.
    """
    started = begun_exercises((each.exercise.id for each in contents.exercises), directory)
    found = standing(contents, attempts, now, started)
    if course.kit is None:
        return found
    if found.next.kind == "done":
        return replace(found, next=replace(found.next, says=KIT_DONE))
    if not found.attempts and contents.lessons:
        first = first_step(contents.lessons[0].id)
        return replace(found, next=replace(found.next, other=first.commands[0]) if started else first)
    return found
