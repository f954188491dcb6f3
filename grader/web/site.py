"""What the page consists of: a course, a clock, who is asking, and where attempts go."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from grader.content.course import Course
from grader.tutor.recording import Clock
from grader.web.author import Author
from grader.web.identity import Identity
from grader.web.library import Library
from grader.web.networks import Networks
from grader.web.own_questions import CodeQuestions
from grader.web.running import RunningChecks
from grader.web.settings import Settings
from grader.web.store import Store
from grader.web.workplace import OneDirectory, Workplace


class Site(Struct, frozen=True):
    """Everything that a page needs to answer a request."""

    course: Course
    clock: Clock
    identity: Identity
    store: Store
    settings: Settings
    library: Library
    workplace: Workplace
    checks: RunningChecks
    networks: Networks
    code_questions: CodeQuestions
    author: Author | None = None  # only in `course preview`


def site_of(
    course: Course,
    clock: Clock,
    identity: Identity,
    store: Store,
    settings: Settings,
    workplace: Workplace | None = None,
    author: Author | None = None,
) -> Site:
    """Return a site with an empty library, which reads the course when a page needs it.

    `workplace` has the learners' files; default: the current directory. `author` is shown what is wrong.
    """
    place = workplace or OneDirectory(Path.cwd())
    checks = RunningChecks(course, store)
    return Site(
        course,
        clock,
        identity,
        store,
        settings,
        Library(course, edited=author is not None),
        place,
        checks,
        Networks(course),
        CodeQuestions(course),
        author,
    )
