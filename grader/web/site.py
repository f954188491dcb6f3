"""What the page consists of: a course, a clock, who is asking, and where attempts go."""

from __future__ import annotations

from msgspec import Struct

from grader.content.course import Course
from grader.tutor.recording import Clock
from grader.web.identity import Identity
from grader.web.library import Library
from grader.web.settings import Settings
from grader.web.store import Store


class Site(Struct, frozen=True):
    """Everything that a page needs to answer a request."""

    course: Course
    clock: Clock
    identity: Identity
    store: Store
    settings: Settings
    library: Library


def site_of(course: Course, clock: Clock, identity: Identity, store: Store, settings: Settings) -> Site:
    """Return a site with an empty library, which reads the course when a page needs it."""
    return Site(course, clock, identity, store, settings, Library(course))
