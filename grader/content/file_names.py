"""How the files of learners are called: written so here, and looked for so where they are graded."""

from __future__ import annotations


def file_stem(exercise_id: str) -> str:
    """Return the name of a learner's file for an exercise, without its ending."""
    return exercise_id.replace("-", "_")


def answers_stem(quiz_id: str) -> str:
    """Return the name of a learner's file of answers to a quiz, without its ending."""
    return f"{file_stem(quiz_id)}_answers"
