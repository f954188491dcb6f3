"""Dates as sentences tell them."""

from __future__ import annotations

from datetime import datetime

from grader.progress.dates import day_in_words


def test_a_day_is_written_as_in_american_prose() -> None:
    assert day_in_words(datetime(2026, 12, 1, 12)) == "Tuesday, December 1, 2026"
