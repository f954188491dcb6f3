"""The files of a learner's kit that are ready to be handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from grader.content.course import Course
from grader.content.file_names import file_stem
from grader.content.kit import SealedQuiz
from grader.errors import CourseError
from grader.progress.attempt import Attempt
from grader.progress.standing import ExerciseStanding
from grader.tutor.kit_answers import answers_file, recorded_answers
from grader.tutor.learner_file import HERE, learner_file


def hand_in_line(
    course: Course,
    quizzes: Iterable[SealedQuiz],
    exercises: Iterable[ExerciseStanding],
    attempts: list[Attempt],
    directory: Path = HERE,
) -> str:
    """Name the files whose visible tests all pass, or whose questions all have an answer."""
    ready = [*_code(course, exercises, directory), *_answers(quizzes, attempts)]
    if not ready:
        return "Files to hand in are named here once they pass their visible tests."
    return f"Hand in {' and '.join(filter(None, [', '.join(ready[:-1]), ready[-1]]))}."


def _code(course: Course, exercises: Iterable[ExerciseStanding], directory: Path) -> Iterator[str]:
    for exercise in exercises:
        if exercise.passed:
            name = f"{file_stem(exercise.id)}.py"
            with suppress(CourseError):
                name = learner_file(course, exercise.id, directory).path.name
            yield name


def _answers(quizzes: Iterable[SealedQuiz], attempts: list[Attempt]) -> Iterator[str]:
    for quiz in quizzes:
        if len(recorded_answers(quiz, attempts)) == len(quiz.questions):
            yield answers_file(quiz).name
