"""What a client and the judge process say to each other: a job, and the events that answer it.

One job or event is one line of JSON. A job is answered by any number of `TestsCollected`,
`CellsShown` and `TestFinished`, then by exactly one of `JobFinished`, `ContentBroken`,
`JobFailed` and `JobCancelled`.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec import Struct

from grader.content.problem import Problem
from grader.errors import CourseError, EnvironmentProblem, SubmissionError, UnknownIdError
from grader.judge.report import Report, TestResult
from grader.judge.wire.messages import Cell


class Limits(Struct, frozen=True):
    """Wall-clock limits in seconds, memory in bytes. Imports before the submission loads are free."""

    load: float = 60.0
    call: float = 10.0
    test: float = 60.0
    submission: float = 600.0
    memory: int = 4_000_000_000


LIMITS = Limits()


class Job(Struct, frozen=True):
    """One submission to judge."""

    course: str  # the course directory
    exercise: str
    name: str  # of the submission
    cells: tuple[Cell, ...]
    seed: int
    cache: str  # a directory; what it holds may be deleted at any time
    limits: Limits = LIMITS
    anew: bool = False  # run every test, even one whose outcome is known from the same answers


class ShownCell(Struct, frozen=True):
    """One cell that ran: what it printed, the value below it, and the error it ended with, if any."""

    label: str
    printed: str = ""
    value: str = ""
    error_type: str = ""
    error: str = ""  # with the line, in one sentence


OnCells = Callable[[tuple[ShownCell, ...]], None]


# --- events ---


class _Event(Struct, frozen=True, tag=True, tag_field="event"):
    """The root of all events; the field `event` holds the name of the type."""


class TestsCollected(_Event, frozen=True):
    """The tests are known and will now run."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    total: int


class CellsShown(_Event, frozen=True):
    """The submission was loaded; no test has seen what its cells showed."""

    cells: tuple[ShownCell, ...]


class TestFinished(_Event, frozen=True):
    """One test has ended."""

    __test__ = False

    result: TestResult


class JobFinished(_Event, frozen=True):
    """The verdict."""

    report: Report


class ContentBroken(_Event, frozen=True):
    """The exercise cannot be used."""

    problems: tuple[Problem, ...]


class JobFailed(_Event, frozen=True):
    """There is no verdict. `error` names the class of the CourseError, so that it keeps its type."""

    error: str
    message: str

    @classmethod
    def from_error(cls, error: CourseError) -> JobFailed:
        """Return the event for an error; a class that clients do not know becomes its nearest base."""
        name = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _ERRORS)
        return cls(name, str(error))

    def to_error(self) -> CourseError:
        """Return the error that the judge met."""
        kind = _ERRORS.get(self.error, CourseError)
        return kind.__new__(kind, self.message)  # some classes build their message from other arguments


class JobCancelled(_Event, frozen=True):
    """A newer job has taken this one's place."""


Event = TestsCollected | CellsShown | TestFinished | JobFinished | ContentBroken | JobFailed | JobCancelled

_ERRORS: dict[str, type[CourseError]] = {
    kind.__name__: kind for kind in (CourseError, EnvironmentProblem, SubmissionError, UnknownIdError)
}
_events = msgspec.json.Decoder(Event)


def decode_event(line: bytes) -> Event:
    """Raises msgspec.DecodeError for a line that was cut off."""
    event: Event = _events.decode(line)
    return event
