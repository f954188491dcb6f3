"""Reviews of questions about own code: only about the file as it is now, and with other arguments."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from own_course import FILE, RIGHT, write_own_course

from grader.content.course import Course
from grader.content.questions import NumericQuestion
from grader.judge.jobs import Again
from grader.judge.own_questions import OwnQuestion, source_hash
from grader.judge.submission import Submission, read_submission
from grader.progress.attempt import Attempt
from grader.tutor.own_reviews import ask_once_more, one_per_exercise, own_reviews
from grader.tutor.recording import new_attempt

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / FILE).write_text(RIGHT)
    return Course(write_own_course(tmp_path / "course"))


def answered(tmp_path: Path, function: str = "add", question: str = "q1") -> Attempt:
    """Return a wrong answer about the file as it is now."""
    code = read_submission(tmp_path / FILE)
    about = {"template": "result", "question": question, "guess": 0.3}
    return new_attempt(
        NOW, "own", f"exercise-sum/{function}", source_hash(code.cells, code.files),
        answer="1", correct=False, score=0.0, max_score=1.0, first_try=True, report=about,
    )  # fmt: skip


def test_only_questions_about_the_file_as_it_is_now_are_planned(course: Course, tmp_path: Path) -> None:
    log = [answered(tmp_path)]
    (review,) = own_reviews(course, log, NOW, tmp_path)
    assert (review.planned.item, review.planned.seen) == ("exercise-sum/add", 1)
    (tmp_path / FILE).write_text(RIGHT + "# changed\n")
    assert own_reviews(course, log, NOW, tmp_path) == []
    (tmp_path / FILE).unlink()
    assert own_reviews(course, log, NOW, tmp_path) == []


def test_an_exercise_that_is_gone_or_asks_nothing_has_no_review(course: Course, tmp_path: Path) -> None:
    log = [answered(tmp_path)]
    (course.exercise_dir("exercise-sum") / "own_code.py").unlink()
    assert own_reviews(course, log, NOW, tmp_path) == []


def test_one_question_per_exercise_is_asked_at_a_time(course: Course, tmp_path: Path) -> None:
    log = [answered(tmp_path), answered(tmp_path, "half")]
    reviews = own_reviews(course, log, NOW, tmp_path)
    assert len(reviews) == 2
    assert one_per_exercise(reviews) == reviews[:1]


def test_the_kind_of_question_is_made_again_and_none_that_was_asked(course: Course, tmp_path: Path) -> None:
    log = [answered(tmp_path)]
    (review,) = own_reviews(course, log, NOW, tmp_path)
    asked: list[tuple[object, ...]] = []

    def make(
        exercise: str, code: Submission, seed: int, functions: tuple[str, ...], again: Again
    ) -> tuple[OwnQuestion, ...]:
        asked.append((exercise, functions, again))
        return tuple(own(name, review.planned.source) for name in ("q1", "q2"))

    found = ask_once_more(make, course, review, log)
    assert found is not None and found.question.id == "q2"
    assert asked == [("exercise-sum", ("add",), Again("result", 1))]
    assert ask_once_more(make, course, review, [*log, answered(tmp_path, question="q2")]) is None


def own(name: str, source: str) -> OwnQuestion:
    question = NumericQuestion(
        id=name, prompt="?", explain="", concepts=("sums",), section="2", answer="1", otherwise=""
    )
    return OwnQuestion(
        exercise="exercise-sum", function="add", template="result", family="behavior", level=1, guess=0.3,
        source=source, question=question,
    )  # fmt: skip
