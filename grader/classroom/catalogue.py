"""The titles, questions and misconceptions behind the ids in results."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.lesson import Misconception
from grader.content.questions import Question
from grader.content.quiz import Quiz
from grader.errors import CourseError
from grader.judge.submission import read_submission
from grader.quiz.answer import answer_in_words
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
        known = self._misconceptions.get(misconception_id)
        return misconception_id if known is None else " ".join(known.belief.split())

    def correction(self, misconception_id: str) -> str | None:
        """Return the sentence that corrects a misconception."""
        known = self._misconceptions.get(misconception_id)
        return None if known is None else " ".join(known.correction.split())

    def functions(self, exercise_id: str) -> list[str]:
        """Return the functions of an exercise in its order."""
        work = self._work(exercise_id)
        return [each.name for each in work.functions] if isinstance(work, Exercise) else []

    def starter(self, exercise_id: str) -> str:
        return self._source(exercise_id, "starter.py")

    def solution(self, exercise_id: str) -> str:
        return self._source(exercise_id, "solution.py")

    def _source(self, exercise_id: str, name: str) -> str:
        """Return the code of a file of an exercise; "" if there is none."""
        if self._course is None or not isinstance(self._work(exercise_id), Exercise):
            return ""
        with suppress(CourseError):
            path = self._course.exercise_dir(exercise_id) / name
            return "\n".join(cell.source for cell in read_submission(path).cells)
        return ""

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
    def _misconceptions(self) -> dict[str, Misconception]:
        found: dict[str, Misconception] = {}
        if self._course is None:
            return found
        for lesson_id in self._course.lesson_ids:
            with suppress(CourseError):
                found |= {each.id: each for each in self._course.lesson(lesson_id).misconceptions}
        return found


def answer_words(question: Question | None, answer: str) -> str:
    """Return the meaning of an answer; the answer as it is if the question has changed or is missing."""
    if question is None:
        return answer
    try:
        words = answer_in_words(question, answer)
    except (LookupError, ValueError):
        return answer
    return " ".join(words.split())
