"""The time at which work was handed in, and where it is known from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

STAMP = "timestamp.txt"  # written by nbgrader beside what a learner submits
SPAN = timedelta(minutes=2)  # in which a download is written
MANY = 5  # learners of whom most, not all, need to have the same time
_STAMP = re.compile(r"(?P<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?)\s*(?P<zone>\S+)?")


class TimeSource(StrEnum):
    """Where a time is known from, the most reliable first."""

    SYSTEM = "the learning platform"
    STAMP = STAMP
    ZIP = "the zip file"
    FILE = "the file's date"


class SubmissionTime(Struct, frozen=True):
    """A time in ISO format. Without an offset, it is in the time zone of the class."""

    at: str
    source: TimeSource

    def moment(self, zone: tzinfo) -> datetime:
        """Return the time in UTC, for a class in this zone."""
        time = datetime.fromisoformat(self.at)
        try:
            return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
        except OverflowError:  # on the first or last day of the calendar
            return time.replace(tzinfo=UTC)


def time_of_system(text: str | None) -> SubmissionTime | None:
    """Read what a learning platform says, or return None if its form is not known."""
    try:
        return SubmissionTime(_iso(datetime.fromisoformat(text or "")), TimeSource.SYSTEM)
    except ValueError:
        return None


def time_of_file(seconds: float) -> SubmissionTime | None:
    """Return the date of a file on disk."""
    try:
        return SubmissionTime(_iso(datetime.fromtimestamp(int(seconds), UTC)), TimeSource.FILE)
    except (ValueError, OverflowError, OSError):
        return None


def time_in_zip(date_time: tuple[int, ...]) -> SubmissionTime | None:
    """Return the date of an entry of a zip file, which has no time zone."""
    try:
        time = datetime(*date_time[:6])  # type: ignore[arg-type]
    except ValueError:
        return None
    # 1980 is what programs write that know no date
    return SubmissionTime(_iso(time), TimeSource.ZIP) if time.year > 1980 else None


def time_in_stamp(text: str) -> SubmissionTime | None:
    """Read nbgrader's timestamp.txt, such as "2026-11-27 15:58:23.948203 UTC"."""
    found = _STAMP.match(text.strip())
    if found is None:
        return None
    try:
        time = datetime.fromisoformat(found["time"])
        zone = found["zone"]
        if zone and re.fullmatch(r"[+-]\d\d:?\d\d", zone):
            time = datetime.fromisoformat(found["time"] + zone)
        elif zone:
            time = time.replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone))
        return SubmissionTime(_iso(time.astimezone(UTC) if time.tzinfo else time), TimeSource.STAMP)
    except (ValueError, KeyError, OverflowError, OSError):
        return None


def times_of_a_copy(times: Iterable[tuple[str, SubmissionTime | None]]) -> frozenset[SubmissionTime]:
    """Return the times that are those of a download or a copy, from pairs of a learner and a time.

    Some systems give every entry of a zip file the time of the download. So times of files count
    as such if the whole class, or most of a class of MANY, has them within SPAN.
    """
    found: set[SubmissionTime] = set()
    pairs = [(datetime.fromisoformat(time.at), learner, time) for learner, time in times if time is not None]
    for source in (TimeSource.ZIP, TimeSource.FILE):
        own = sorted((each for each in pairs if each[2].source is source), key=lambda each: each[:2])
        learners = len({learner for _, learner, _ in own})
        most = learners // 2 + 1 if learners >= MANY else learners
        start = 0
        for end, (moment, _, _) in enumerate(own):
            while moment - own[start][0] > SPAN:
                start += 1
            window = own[start : end + 1]
            if learners > 1 and len(window) >= most and len({learner for _, learner, _ in window}) >= most:
                found |= {time for _, _, time in window}
    return frozenset(found)


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="seconds")
