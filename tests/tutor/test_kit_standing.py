"""What is left to do in a kit, once every exercise passes its visible tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace
from tiny_course import write_course

from grader.authoring.kit import sealed_quiz
from grader.content.course import Course
from grader.tutor.kit_answers import answer_attempt
from grader.tutor.standing import kit_done

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSED = "Every exercise passes its visible tests"


def test_only_what_is_left_is_asked_for(tmp_path: Path) -> None:
    quiz = sealed_quiz(Course(write_course(tmp_path)).quiz("tiny"))
    other = replace(quiz, id="last", questions=tuple(replace(q, id=f"{q.id}-b") for q in quiz.questions))
    answers = [answer_attempt(NOW, question, "a") for question in quiz.questions]
    assert kit_done([quiz], answers[:-1]) == f"{PASSED}. Answer the quiz tiny, and hand everything in."
    both = f"{PASSED}. Answer the quizzes tiny and last, and hand everything in."
    assert kit_done([quiz, other], []) == both
    assert kit_done([quiz, other], answers) == f"{PASSED}. Answer the quiz last, and hand everything in."
    assert kit_done([quiz], answers) == f"{PASSED}, and every question has an answer. Hand everything in."
    assert kit_done([], []) == f"{PASSED}. Hand everything in."
