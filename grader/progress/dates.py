"""Dates as sentences tell them."""

from __future__ import annotations

from datetime import datetime


def day_in_words(time: datetime) -> str:
    """Return the day of a time on this machine's clock: "Tuesday, December 1, 2026"."""
    day = time.astimezone()
    return f"{day:%A, %B} {day.day}, {day:%Y}"
