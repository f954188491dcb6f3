"""The protocol between a client and the judge process: jobs and the events that answer them.

Each job and each event is one line of JSON. The judge answers a `Job` with any number of
`TestsCollected`, `CellsShown`, `TestFinished` and `FigureDrawn` events, then with exactly one of
`JobFinished`, `ContentBroken`, `JobFailed` and `JobCancelled`. It answers a `CellsJob` with
exactly one of `CellsFinished`, `ContentBroken`, `JobFailed` and `JobCancelled`, a `NetworksJob`
with `NetworksTrained` or one of the last three, and a `QuestionsJob` with `QuestionsMade` or one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec
from msgspec import Struct

from grader.content.limits import USUAL_LIMITS, ExerciseLimits
from grader.content.problem import Problem
from grader.errors import CourseError, EnvironmentProblem, SubmissionError, UnknownIdError
from grader.judge.confinement import Confinement
from grader.judge.networks import TrainedNetwork
from grader.judge.own_questions import OwnQuestion
from grader.judge.plots import PlotPair
from grader.judge.report import Report, TestResult
from grader.judge.wire.messages import Cell, SourceFile


class Limits(Struct, frozen=True):
    """Wall-clock limits in seconds and a memory limit in bytes.

    The time limits do not include imports made before the submission loads.
    """

    load: float = 60.0  # all statements outside functions together
    statement: float = 20.0  # one of these statements
    call: float = USUAL_LIMITS.call_seconds
    test: float = 60.0
    submission: float = USUAL_LIMITS.total_seconds
    memory: int = USUAL_LIMITS.memory_mb * 1_000_000


LIMITS = Limits()


def limits_of(exercise: ExerciseLimits, given: Limits = LIMITS) -> Limits:
    """Return the limits of a job about an exercise.

    `given` are those for an exercise with the usual limits. What the exercise changes is
    changed in proportion, so that a job with less time, such as one about a mutant, keeps less.
    """
    longer = exercise.call_seconds / USUAL_LIMITS.call_seconds
    return msgspec.structs.replace(
        given,
        call=given.call * longer,
        test=given.test * max(1.0, longer),
        submission=given.submission * (exercise.total_seconds / USUAL_LIMITS.total_seconds),
        memory=given.memory * exercise.memory_mb // USUAL_LIMITS.memory_mb,
    )


class Scope(Struct, frozen=True):
    """The part of an exercise's tests that a job runs."""

    functions: tuple[str, ...] = ()  # only tests of these functions; if empty, all tests
    until_failure: bool = False  # end at the first test that costs points, and name no mistakes
    anew: bool = False  # run every test, even if its outcome is known from identical answers
    behaviors: bool = False  # digest the behavior of functions for which no idea was named
    test_errors: bool = False  # tell what broken tests raise; only for authors, as it shows hidden tests


EVERYTHING = Scope()


class Job(Struct, frozen=True, tag=True):
    """One submission to judge."""

    course: str  # the course directory
    exercise: str
    name: str  # of the submission
    cells: tuple[Cell, ...]
    seed: int
    cache: str  # a directory whose contents can be deleted at any time
    limits: Limits = LIMITS
    scope: Scope = EVERYTHING
    files: tuple[SourceFile, ...] = ()
    figures: bool = False  # send the figures of visible tests


class CellsJob(Struct, frozen=True, tag=True):
    """Cells to run without any test, and to show the outputs of."""

    course: str  # the course directory, which the cells must not see
    exercise: str  # whose libraries are imported before the cells run; "" if there is none
    name: str  # of the submission
    cells: tuple[Cell, ...]
    seed: int
    cache: str  # as in `Job`
    limits: Limits = LIMITS
    files: tuple[SourceFile, ...] = ()


class NetworksJob(Struct, frozen=True, tag=True):
    """A submission whose networks to train for the page. No test runs."""

    course: str  # the course directory
    exercise: str
    name: str  # of the submission
    cells: tuple[Cell, ...]
    seed: int
    cache: str  # as in `Job`
    limits: Limits = LIMITS
    files: tuple[SourceFile, ...] = ()


class MakeWhich(StrEnum):
    """Which questions about a learner's own code to make."""

    SOME = "some"  # a few, as they are asked after a check
    ONE_EACH = "one-each"  # one for each function
    EVERY = "every"  # one of each template for each function


class Again(Struct, frozen=True):
    """A kind of question to ask once more, with other arguments."""

    template: str
    turn: int  # how often it was asked before


class QuestionsJob(Struct, frozen=True, tag=True):
    """A submission to make questions about. No test runs; its verdict is out already."""

    course: str  # the course directory
    exercise: str
    name: str  # of the submission
    cells: tuple[Cell, ...]
    seed: int
    cache: str  # as in `Job`
    limits: Limits = LIMITS
    files: tuple[SourceFile, ...] = ()
    functions: tuple[str, ...] = ()  # those that passed their tests
    make: MakeWhich = MakeWhich.SOME
    again: Again | None = None  # then only this question is made
    seconds: float = 30.0  # after which no other question is begun


AnyJob = Job | CellsJob | NetworksJob | QuestionsJob


class ShownCell(Struct, frozen=True):
    """The output of one cell: printed text, the value shown below it, and its first error, if any."""

    label: str
    printed: str = ""
    value: str = ""
    error_type: str = ""
    error: str = ""  # one sentence that names the line


OnCells = Callable[[tuple[ShownCell, ...]], None]
OnFigure = Callable[[PlotPair], None]


class CellsRun(Struct, frozen=True):
    """The outputs of cells that ran without tests.

    `ended` is the sentence that tells why the worker ended early, and "" if it did not.
    There are no outputs then.
    """

    cells: tuple[ShownCell, ...]
    ended: str
    confinement: Confinement


# --- events ---


class _Event(Struct, frozen=True, tag=True, tag_field="event"):
    """The base class of all events. The field `event` holds the name of the type."""


class TestsCollected(_Event, frozen=True):
    """Event: the tests have been collected and are about to run."""

    __test__ = False  # keeps pytest from collecting this class

    total: int


class CellsShown(_Event, frozen=True):
    """Event: the submission was loaded. Tests never see the outputs of its cells."""

    cells: tuple[ShownCell, ...]


class TestFinished(_Event, frozen=True):
    """Event: one test has ended. The report has a better result if it passes in a second run."""

    __test__ = False

    result: TestResult


class FigureDrawn(_Event, frozen=True):
    """Event: a visible test received a figure. Sent only if the job asks for figures."""

    pair: PlotPair


class JobFinished(_Event, frozen=True):
    """Event: the job is done, and this is its report."""

    report: Report


class CellsFinished(_Event, frozen=True):
    """Event: the cells of a `CellsJob` have run."""

    run: CellsRun


class NetworksTrained(_Event, frozen=True):
    """Event: the networks of a `NetworksJob`, in the order of `exercise.yaml`."""

    networks: tuple[TrainedNetwork, ...]


class QuestionsMade(_Event, frozen=True):
    """Event: the questions of a `QuestionsJob`. There are none about what is not certain."""

    questions: tuple[OwnQuestion, ...]


class ContentBroken(_Event, frozen=True):
    """Event: the exercise itself has errors and cannot be used."""

    problems: tuple[Problem, ...]


class JobFailed(_Event, frozen=True):
    """Event: the job ended without a report.

    `error` is the class name of a CourseError, so that `to_error` restores the type.
    """

    error: str
    message: str

    @classmethod
    def from_error(cls, error: CourseError) -> JobFailed:
        """Return the event for `error`. A class that clients do not know is replaced by its nearest base."""
        name = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _ERRORS)
        return cls(name, str(error))

    def to_error(self) -> CourseError:
        """Return the error that the judge raised."""
        kind = _ERRORS.get(self.error, CourseError)
        return kind.__new__(kind, self.message)  # skips __init__, whose arguments differ between classes


class JobCancelled(_Event, frozen=True):
    """Event: a newer job replaced this one."""


Event = (
    TestsCollected
    | CellsShown
    | TestFinished
    | FigureDrawn
    | JobFinished
    | CellsFinished
    | NetworksTrained
    | QuestionsMade
    | ContentBroken
    | JobFailed
    | JobCancelled
)

_ERRORS: dict[str, type[CourseError]] = {
    kind.__name__: kind for kind in (CourseError, EnvironmentProblem, SubmissionError, UnknownIdError)
}
_events = msgspec.json.Decoder(Event)
_jobs = msgspec.json.Decoder(AnyJob)


def decode_event(line: bytes) -> Event:
    """Decode one line of JSON. Raises msgspec.DecodeError if the line is incomplete."""
    event: Event = _events.decode(line)
    return event


def decode_job(line: bytes) -> AnyJob:
    """Decode one line of JSON. Raises msgspec.DecodeError."""
    job: AnyJob = _jobs.decode(line)
    return job
