"""Reviews of questions about own code: the same kind, about the same code, with other arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path

from msgspec import Struct

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.client.judge import default_seed
from grader.judge.jobs import Again
from grader.judge.own_questions import OwnQuestion, source_hash
from grader.judge.submission import Submission
from grader.progress.attempt import Attempt
from grader.progress.schedule import PlannedOwn, own_schedule
from grader.tutor.learner_file import HERE, learner_file
from grader.tutor.own_questions import attempts_at, has_own_questions

MakeAgain = Callable[[str, Submission, int, tuple[str, ...], Again], tuple[OwnQuestion, ...]]


class OwnReview(Struct, frozen=True):
    """A planned question, and the code that it is about."""

    planned: PlannedOwn
    submission: Submission


def own_reviews(
    course: Course, attempts: Iterable[Attempt], now: datetime, directory: Path = HERE
) -> list[OwnReview]:
    """Return the planned questions about the learner's files as they are now, soonest first.

    If a file has changed since, or is not in the directory, its questions are left out.
    """

    @cache
    def current(exercise_id: str) -> Submission | None:
        if exercise_id in course.exercise_ids and has_own_questions(course, exercise_id):
            with suppress(CourseError):
                return learner_file(course, exercise_id, directory).submission()
        return None

    planned = ((each, current(each.exercise)) for each in own_schedule(attempts, now))
    return [
        OwnReview(each, code)
        for each, code in planned
        if code is not None and source_hash(code.cells, code.files) == each.source
    ]


def one_per_exercise(reviews: Iterable[OwnReview]) -> list[OwnReview]:
    """Return the first review of each exercise: making its question takes a second or two."""
    first: dict[str, OwnReview] = {}
    for each in reviews:
        first.setdefault(each.planned.exercise, each)
    return [*first.values()]


def ask_once_more(
    make: MakeAgain, course: Course, review: OwnReview, attempts: Iterable[Attempt]
) -> OwnQuestion | None:
    """Return the question with other arguments, or None if there is none that is certain and new.

    `make` asks a judge, as `Checks.make_questions` does. Raises what it raises.
    """
    planned = review.planned
    again = Again(planned.template, planned.seen)
    seed = default_seed(course, planned.exercise)
    made = make(planned.exercise, review.submission, seed, (planned.function,), again)
    earlier = [*attempts]
    return next((each for each in made if not attempts_at(each, earlier)), None)
