"""The exercises and quizzes that a run grades."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from grader.classroom.learner_work import code_hash, named_after
from grader.content.course import Course
from grader.content.file_names import FileKind, FileName, answers_stem, file_stem
from grader.content.quiz import Quiz
from grader.errors import CourseError
from grader.judge.candidates import starters
from grader.judge.submission import Submission


class Wanted:
    """The exercises and quizzes to grade, and the names of their files."""

    def __init__(self, course: Course, exercises: Sequence[str] = (), quizzes: Sequence[str] = ()) -> None:
        """Select all if none is named. Raises CourseError for ids that the course does not have."""
        everything = not exercises and not quizzes
        self.course = course
        self.exercises = tuple(course.exercise_ids) if everything else tuple(exercises)
        for exercise in exercises:
            course.exercise(exercise)
        self.quizzes: dict[str, Quiz] = {
            quiz: course.quiz(quiz) for quiz in (course.quiz_ids if everything else quizzes)
        }
        self.single = file_stem(exercises[0]) if len(exercises) == 1 and not quizzes else None
        self._papers = {answers_stem(quiz): quiz for quiz in self.quizzes}
        self._lessons: dict[str, list[Quiz]] = {}
        for quiz in self.quizzes.values():
            self._lessons.setdefault(quiz.lesson, []).append(quiz)
        self._starters: dict[str, tuple[Submission, ...]] = {}

    def exercise_of(self, name: FileName) -> str | None:
        """Return the exercise that a file is named after, whatever kind of file it is."""
        return name.among(self.exercises)

    def is_of_another(self, name: FileName) -> bool:
        """Return True if a file is named after an exercise of the course that is not graded."""
        found = name.among(self.course.exercise_ids)
        return found is not None and found not in self.exercises

    def quiz_of(self, name: FileName) -> Quiz | None:
        """Return the quiz that a file of answers is for."""
        paper = name.among(self._papers) if name.kind in (FileKind.YAML, FileKind.JSON) else None
        return None if paper is None else self.quizzes[self._papers[paper]]

    def lesson_of(self, name: FileName) -> list[Quiz]:
        """Return the quizzes whose questions a lesson's notebook has. A .json file may be a notebook."""
        is_possible = name.kind in (FileKind.NOTEBOOK, FileKind.JSON)
        lesson = name.among(self._lessons) if is_possible else None
        return [] if lesson is None else self._lessons[lesson]

    def starters(self, exercise_id: str) -> tuple[Submission, ...]:
        """Return the starter as a file and as a notebook."""
        if exercise_id not in self._starters:
            self._starters[exercise_id] = ()
            with contextlib.suppress(CourseError):  # raised again where the starter is judged
                self._starters[exercise_id] = tuple(starters(self.course, exercise_id))
        return self._starters[exercise_id]

    def untouched(self) -> Iterator[str]:
        """Yield the hashes of the starters, as files and as notebooks."""
        for exercise_id in self.exercises:
            yield from (code_hash(named_after(each, exercise_id)) for each in self.starters(exercise_id))
