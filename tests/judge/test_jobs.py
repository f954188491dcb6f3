"""Jobs and events: what a client and the judge process say to each other."""

from __future__ import annotations

import msgspec
import pytest

from grader.errors import CourseError, EnvironmentProblem, SubmissionError, UnknownIdError
from grader.judge.jobs import (
    AnyJob,
    CellsJob,
    Event,
    Job,
    JobFailed,
    NetworksJob,
    TestsCollected,
    decode_event,
    decode_job,
)
from grader.judge.sandbox.forking import ZygoteFailed


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CourseError("a"), CourseError),
        (EnvironmentProblem("b"), EnvironmentProblem),
        (SubmissionError("c"), SubmissionError),
        (UnknownIdError("quiz", "d", ["day4"]), UnknownIdError),
        (ZygoteFailed("e"), EnvironmentProblem),  # its nearest base that clients know
    ],
)
def test_an_error_keeps_its_type_between_processes(error: CourseError, expected: type[CourseError]) -> None:
    event = decode_event(msgspec.json.encode(JobFailed.from_error(error)))
    assert isinstance(event, JobFailed)
    received = event.to_error()
    assert type(received) is expected
    assert (str(received), received.exit_code) == (str(error), error.exit_code)


def test_events_are_told_apart_by_name() -> None:
    assert decode_event(b'{"event":"TestsCollected","total":3}') == TestsCollected(3)


@pytest.mark.parametrize("line", [b"", b'{"event":"TestsCollec', b'{"event":"Else"}', b"[]"])
def test_a_line_that_was_cut_off_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_event(line)


def test_every_event_has_its_own_name() -> None:
    names = [kind.__name__ for kind in Event.__args__]  # type: ignore[attr-defined]
    assert len(set(names)) == len(names) == 11


@pytest.mark.parametrize("kind", [Job, CellsJob, NetworksJob])
def test_jobs_are_told_apart_by_type(kind: type[Job] | type[CellsJob] | type[NetworksJob]) -> None:
    job: AnyJob = kind("c", "x", "n", (), 1, "cache")
    assert decode_job(msgspec.json.encode(job)) == job
