"""The type of an attempt: one action of a learner on one item of the course."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from grader.content.essay_questions import MAX_ESSAY

# answer: a scored answer; given: an answer that is scored elsewhere; check: a run of an exercise's tests;
# own: an answer about the learner's own code;
# read: a section was read; hint, example, solution: help was shown; skip: a question or exercise was skipped
Kind = Literal["answer", "given", "hint", "skip", "check", "own", "read", "example", "solution"]
Confidence = Literal["low", "medium", "high"]
AttemptId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Time = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Answer = Annotated[str, Meta(min_length=1, max_length=MAX_ESSAY)]
Amount = Annotated[float, Meta(ge=0, le=1e9)]


class Attempt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the log. Fields that do not apply to its kind are None."""

    id: AttemptId
    time: Time  # UTC
    kind: Kind
    item: Name  # a question, an exercise, "exercise/function" for help with a function, or "lesson/section"
    content_hash: Name  # hash of the item; for a check, the exercise's version; for own code, the source's
    sitting: Name | None = None
    quiz: Name | None = None
    answer: Answer | None = None  # options by their ids, regardless of their order on the screen
    correct: bool | None = None
    misconception: Name | None = None  # the one that the answer shows
    score: Amount | None = None
    max_score: Amount | None = None
    first_try: bool | None = None
    hints: Annotated[int, Meta(ge=0, le=10_000)] = 0  # number opened so far
    confidence: Confidence | None = None
    seconds: Amount | None = None
    report: dict[str, Any] | None = None  # the full report of a check; for own code, about the question

    def __post_init__(self) -> None:
        required = {
            "answer": ("answer", "score", "max_score"),
            "given": ("answer",),
            "own": ("answer", "score", "max_score", "report"),
            "check": ("report", "score", "max_score"),
        }
        for name in required.get(self.kind, ()):
            if getattr(self, name) is None:
                raise ValueError(f"kind {self.kind!r} needs {name!r}")
        datetime.fromisoformat(self.time)  # the pattern accepts February 31
        if self.score is not None and self.max_score is not None and self.score > self.max_score:
            raise ValueError("score is above max_score")


def new_id() -> str:
    """Return a random id for an attempt or a sitting: 32 hex digits."""
    return os.urandom(16).hex()


def timestamp(moment: datetime) -> str:
    """Return a moment in the log's form (UTC, milliseconds). Texts in this form sort by time."""
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def in_time(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return attempts sorted by time. The log itself is in order of insertion, with imports last."""
    return sorted(attempts, key=lambda attempt: attempt.time)
