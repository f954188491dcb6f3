"""What the page consists of: a course, a clock, who is asking, and where attempts go."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from grader.content.course import Course
from grader.tutor.recording import Clock
from grader.web.identity import Identity
from grader.web.library import Library
from grader.web.networks import Networks
from grader.web.running import RunningChecks
from grader.web.store import Store
from grader.web.workplace import OneDirectory, Workplace


class Settings(Struct, frozen=True):
    """Where the page is served, and what it allows."""

    hosts: tuple[str, ...]  # values of the Host header that name this server, such as "127.0.0.1:8000"
    cookie: str  # name of the cookie that admits a browser
    secret: bytes  # signs the tokens of forms
    max_body: int = 512 * 1024  # bytes
    body_seconds: float = 10.0  # to send a body in
    rate: float = 20.0  # requests per second and learner, in the long run
    burst: int = 200  # requests at once


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


def site_of(
    course: Course,
    clock: Clock,
    identity: Identity,
    store: Store,
    settings: Settings,
    workplace: Workplace | None = None,
) -> Site:
    """Return a site with an empty library, which reads the course when a page needs it.

    `workplace` has the learners' files; default: the current directory.
    """
    place = workplace or OneDirectory(Path.cwd())
    checks = RunningChecks(course, store)
    return Site(course, clock, identity, store, settings, Library(course), place, checks, Networks(course))
