"""Names of the files that learners write, as `course start` creates them and grading looks for them."""

from __future__ import annotations


def file_stem(exercise_id: str) -> str:
    """Return the name of a learner's file for an exercise, without the extension."""
    return exercise_id.replace("-", "_")


def answers_stem(quiz_id: str) -> str:
    """Return the name of a learner's file of answers to a quiz, without the extension."""
    return f"{file_stem(quiz_id)}_answers"
