"""What is suggested for an id that does not exist."""

from __future__ import annotations

import pytest

from grader.errors import UnknownIdError

EXERCISES = ["exercise-rnn", "exercise-lstm", "exercise-attention"]


@pytest.mark.parametrize("typed", ["exercise-lst", "exercise-ltsm", "lstm", "exercise_lstm", "exersice-lstm"])
def test_a_close_id_is_suggested(typed: str) -> None:
    assert str(UnknownIdError("exercise", typed, EXERCISES)).endswith("did you mean exercise-lstm?")


@pytest.mark.parametrize("typed", ["exercise-foo", "exercise-", "xyz"])
def test_the_shared_beginning_of_all_ids_is_no_reason_to_suggest_one(typed: str) -> None:
    all_of_them = "choose from exercise-attention, exercise-lstm, exercise-rnn"
    assert str(UnknownIdError("exercise", typed, EXERCISES)).endswith(all_of_them)


def test_sections_are_listed_in_natural_order() -> None:
    error = UnknownIdError("section", "99", ["10", "1.2", "1", "2", "1.10", "10.1"])
    assert str(error).endswith("choose from 1, 1.2, 1.10, 2, 10, 10.1")
