"""One attempt: an answer, an opened hint, a skipped question, or a check of an exercise."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Kind = Literal["answer", "hint", "skip", "check"]
Confidence = Literal["low", "medium", "high"]
AttemptId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Time = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Amount = Annotated[float, Meta(ge=0)]


class Attempt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the log. What does not apply to its kind is None."""

    id: AttemptId
    time: Time  # UTC
    kind: Kind
    item: Name  # a question, an exercise, or "exercise/function" for a hint to a function
    content_hash: Name  # of the question; of the function for its hints; the exercise's version for a check
    sitting: Name | None = None
    quiz: Name | None = None
    answer: Name | None = None  # the option's id, whatever the screen's order was
    score: Amount | None = None
    max_score: Amount | None = None
    first_try: bool | None = None
    hints: Annotated[int, Meta(ge=0)] = 0  # opened so far
    confidence: Confidence | None = None
    seconds: Amount | None = None
    report: dict[str, Any] | None = None  # the whole report of a check

    def __post_init__(self) -> None:
        needed = {"answer": ("answer", "score", "max_score"), "check": ("report", "score", "max_score")}
        for name in needed.get(self.kind, ()):
            if getattr(self, name) is None:
                raise ValueError(f"kind {self.kind!r} needs {name!r}")
        if self.score is not None and self.max_score is not None and self.score > self.max_score:
            raise ValueError("score is above max_score")


def new_id() -> str:
    """Return a fresh id for an attempt or a sitting."""
    return os.urandom(16).hex()


def timestamp(moment: datetime) -> str:
    """Return a moment as the log writes it; texts in this form sort by time."""
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
