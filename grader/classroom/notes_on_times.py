"""Notes for the instructor on late penalties that depend on a doubtful time, or that were not applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.classroom.derivation import MARKED_LATE, NOT_MARKED, OF_A_COPY, REPLACES
from grader.classroom.results import AdjustmentKind, Result
from grader.classroom.submission_time import TimeSource
from grader.wording import first_of

_DOUBTS = (
    (
        OF_A_COPY,
        "Most submissions have the same time, which is that of a download or a copy, so these lose no points "
        "for being late; if some are late, use `overrides`",
    ),
    (
        MARKED_LATE,
        "The learning platform marks these as late, but the time is unknown, so they lose no points; to "
        "decide yourself, use `overrides`",
    ),
    (
        NOT_MARKED,
        "These are late by the date of the file, but the learning platform does not mark them as late, so "
        "they lose no points",
    ),
)


def notes_on_times(results: Iterable[Result]) -> tuple[str, ...]:
    """Return the notes on results that a class file made final."""
    decided = [each for each in results if not any(a.kind in REPLACES for a in each.adjustments)]
    return (*_doubts(decided), *_dates(decided))


def _doubts(results: list[Result]) -> Iterator[str]:
    for says, about in _DOUBTS:
        if found := [each for each in results if any(a.says == says for a in each.adjustments)]:
            yield f"{about}: {_names(found)}"


def _dates(results: list[Result]) -> Iterator[str]:
    late = [
        each
        for each in results
        if each.submitted is not None
        and each.submitted.source is TimeSource.FILE
        and any(a.kind is AdjustmentKind.LATE and a.points for a in each.adjustments)
    ]
    if late:
        depend = "1 late penalty depends" if len(late) == 1 else f"{len(late)} late penalties depend"
        yield f"{depend} on the date of a file, which copying may change: {_names(late)}"


def _names(results: Iterable[Result]) -> str:
    return first_of(sorted({each.learner for each in results}))
