"""The one thing to do next."""

from __future__ import annotations

from collections.abc import Sequence

from grader.progress.evidence import Contents
from grader.progress.standing import ConceptStanding, ExerciseStanding, QuizStanding, Step


def next_step(
    contents: Contents,
    quizzes: Sequence[QuizStanding],
    exercises: Sequence[ExerciseStanding],
    concepts: Sequence[ConceptStanding],
) -> Step:
    """Return the next step: unfinished quiz, new quiz, exercise not passed, section to read again."""
    for quiz in quizzes:
        if quiz.last is not None and quiz.open_questions:
            left = f"{quiz.open_questions} question{'s' * (quiz.open_questions > 1)} open"
            return Step("go-on", quiz.id, f"The quiz {quiz.id} has {left}.", (f"course quiz {quiz.id}",))
    lesson_of = {quiz.id: quiz.lesson for quiz in contents.quizzes}
    for quiz in quizzes:
        if quiz.last is None:
            commands = (f"course lesson {lesson_of[quiz.id]}", f"course quiz {quiz.id}")
            says = f"Read the lesson {lesson_of[quiz.id]}, then take the quiz {quiz.id}."
            return Step("take", quiz.id, says, commands)
    for exercise in _in_lesson_order(contents, exercises):
        if exercise.passed:
            continue
        if exercise.checks or exercise.stale:
            commands = (f"course check {exercise.id}", f"course hint {exercise.id}")
            return Step("improve", exercise.id, f"The exercise {exercise.id} is not passed yet.", commands)
        commands = (f"course start {exercise.id}", f"course check {exercise.id}")
        says = f"Write the code of {exercise.id}, then check it."
        return Step("start", exercise.id, says, commands)
    for concept in concepts:
        if concept.read_again:
            lesson, section = concept.read_again[0]
            says = f"Not everything was right about: {concept.title}. Read section {section} again."
            return Step("read-again", section, says, (f"course lesson {lesson} {section}",))
    return Step("done", None, "All quizzes are taken and all exercises passed. Well done!", ())


def _in_lesson_order(contents: Contents, exercises: Sequence[ExerciseStanding]) -> list[ExerciseStanding]:
    order = [e for lesson in contents.lessons for section in lesson.sections for e in section.exercises]
    place = {exercise_id: index for index, exercise_id in reversed([*enumerate(order)])}
    return sorted(exercises, key=lambda exercise: (place.get(exercise.id, len(order)), exercise.id))
