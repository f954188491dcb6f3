"""Named rules for work that is handed in late.

A rule takes away a share of the points that the work is worth, as Canvas does. It
counts from the due date, also beyond a grace period; a day or hour that has
begun counts as a whole.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from grader.content.base import Content, Finding

Duration = Annotated[str, Meta(extra={"unquoted": True})]  # a number without a unit is explained below
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_DURATION = re.compile(r"(\d{1,5})\s*([mhd])")


def duration(text: str) -> timedelta | None:
    """Read a duration such as "30m", "12h" or "2d"; None if it is none."""
    found = _DURATION.fullmatch(text)
    return None if found is None else int(found[1]) * _UNITS[found[2]]


def wrong_duration(name: str, text: str | None) -> Iterator[Finding]:
    """Yield a finding if a text is not a duration."""
    if text is None or duration(text) is not None:
        return
    if text.isdecimal():
        todo = f"write {text}m for minutes, {text}h for hours or {text}d for days"
        yield Finding((name,), f"{text} has no unit", todo)
    else:
        yield Finding((name,), f"{text!r} is not a duration", "write a whole number and m, h or d: 30m")


class _Rule(Content, frozen=True, tag_field="rule"):
    def share(self, late: timedelta) -> float:
        """Return the share of the points that work loses that is late by this time: 0 to 1."""
        raise NotImplementedError


def _percent(name: str, value: float) -> Iterator[Finding]:
    if not 0 <= value <= 100:
        yield Finding((name,), f"{value:g} is not a percentage", "write a number from 0 to 100")


class NoPenalty(_Rule, frozen=True, tag="none"):
    """Late work counts in full."""

    def share(self, late: timedelta) -> float:
        return 0.0


class Zero(_Rule, frozen=True, tag="zero"):
    """Late work counts nothing."""

    def share(self, late: timedelta) -> float:
        return 1.0


class _PerSpan(_Rule, frozen=True):
    percent: float
    at_most: float = 100.0

    def _share(self, late: timedelta, span: timedelta) -> float:
        return min(math.ceil(late / span) * self.percent, self.at_most) / 100

    def findings(self) -> Iterator[Finding]:
        yield from _percent("percent", self.percent)
        yield from _percent("at_most", self.at_most)


class PerDay(_PerSpan, frozen=True, tag="per_day"):
    """Each day that has begun costs a percentage."""

    def share(self, late: timedelta) -> float:
        return self._share(late, _UNITS["d"])


class PerHour(_PerSpan, frozen=True, tag="per_hour"):
    """Each hour that has begun costs a percentage."""

    def share(self, late: timedelta) -> float:
        return self._share(late, _UNITS["h"])


class Step(Content, frozen=True):
    """More than `after` late costs `percent`."""

    after: Duration
    percent: float

    def findings(self) -> Iterator[Finding]:
        yield from wrong_duration("after", self.after)
        yield from _percent("percent", self.percent)


class Steps(_Rule, frozen=True, tag="steps"):
    """The highest step that the time exceeds decides."""

    steps: tuple[Step, ...]

    def share(self, late: timedelta) -> float:
        over = [each.percent for each in self.steps if late > (duration(each.after) or timedelta())]
        return max(over, default=0.0) / 100


LateRule = NoPenalty | Zero | PerDay | PerHour | Steps


def after_penalty(rule: LateRule, score: float, max_score: float, late: timedelta, grace: timedelta) -> float:
    """Return a score after the penalty. It is never higher than the score, and never below 0."""
    if late <= grace or late <= timedelta():
        return score
    return min(score, max(0.0, round(score - rule.share(late) * max_score, 6)))
