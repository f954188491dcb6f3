"""Lists that may be too long to show."""

from __future__ import annotations

from grader.classroom.long_lists import listed


def test_shows_the_first_names_and_counts_the_others() -> None:
    assert listed(["Ada", "Ben"], most=2) == "Ada, Ben"
    assert listed(["Ada", "Ben", "Cy", "Di"], most=2) == "Ada, Ben and 2 more"
    assert (
        listed(["Ada, lstm", "Ben, gru", "Cy, gru"], most=2, separator="; ")
        == "Ada, lstm; Ben, gru and 1 more"
    )
    assert listed([]) == ""
