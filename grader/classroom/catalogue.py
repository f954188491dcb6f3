"""The titles, questions and misconceptions behind the ids in results."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.questions import Question
from grader.content.quiz import Quiz
from grader.errors import CourseError
from grader.judge.submission import read_submission
from grader.quiz.drawn_values import drawn_quiz


class Catalogue:
    """Looks up ids in a course. An id that is missing or broken there stands for itself.

    Results outlive their course: a question may have been removed, or this may be
    a different course.
    """

    def __init__(self, course: Course | None) -> None:
        self._course = course
        self._works: dict[str, Exercise | Quiz | None] = {}

    def title(self, work_id: str) -> str:
        work = self._work(work_id)
        return work_id if work is None else work.title

    def question(self, quiz_id: str, question_id: str) -> Question | None:
        """Return a question with the values of the first attempt."""
        quiz = self._work(quiz_id)
        return quiz.question(question_id) if isinstance(quiz, Quiz) else None

    def belief(self, misconception_id: str) -> str:
        """Return the misconception as a sentence that a learner would say."""
        return self._beliefs.get(misconception_id, misconception_id)

    def given(self, exercise_id: str) -> list[str]:
        """Return the starter and the reference solution of an exercise."""
        if self._course is None or not isinstance(self._work(exercise_id), Exercise):
            return []
        sources = []
        for name in ("starter.py", "solution.py"):
            with suppress(CourseError):
                path = self._course.exercise_dir(exercise_id) / name
                sources += [cell.source for cell in read_submission(path).cells]
        return sources

    def _work(self, work_id: str) -> Exercise | Quiz | None:
        if work_id not in self._works:
            self._works[work_id] = None
            with suppress(CourseError):
                self._works[work_id] = self._read(work_id)
        return self._works[work_id]

    def _read(self, work_id: str) -> Exercise | Quiz | None:
        if self._course is None:
            return None
        if work_id in self._course.exercise_ids:
            return self._course.exercise(work_id)
        return drawn_quiz(self._course.quiz(work_id), 0)

    @cached_property
    def _beliefs(self) -> dict[str, str]:
        beliefs: dict[str, str] = {}
        for lesson_id in [] if self._course is None else self._course.lesson_ids:
            with suppress(CourseError):
                for each in self._course.lesson(lesson_id).misconceptions if self._course else ():
                    beliefs[each.id] = " ".join(each.belief.split())
        return beliefs
