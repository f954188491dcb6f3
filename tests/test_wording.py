"""Lists in sentences, short and long."""

from __future__ import annotations

from grader.wording import first_of, listed


def test_shows_the_first_names_and_counts_the_others() -> None:
    assert first_of(["Ada", "Ben"], most=2) == "Ada, Ben"
    assert first_of(["Ada", "Ben", "Cy", "Di"], most=2) == "Ada, Ben and 2 more"
    assert (
        first_of(["Ada, lstm", "Ben, gru", "Cy, gru"], most=2, separator="; ")
        == "Ada, lstm; Ben, gru and 1 more"
    )
    assert first_of([]) == ""


def test_words_are_joined_as_in_a_sentence() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
