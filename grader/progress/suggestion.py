"""Choice of the one next step that the learner is advised to take."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from grader.progress.evidence import Contents
from grader.progress.standing import (
    ConceptStanding,
    ExerciseStanding,
    QuizStanding,
    ReviewStanding,
    Suggestion,
)


def suggestion(
    contents: Contents,
    quizzes: Sequence[QuizStanding],
    exercises: Sequence[ExerciseStanding],
    concepts: Sequence[ConceptStanding],
    review: ReviewStanding,
    begun: Sequence[str] = (),
    started: Collection[str] = (),
) -> Suggestion:
    """Return the next step.

    `begun` holds the ids of lessons that were read in part, and `started` those of exercises
    for which the learner has a file. The order is: an unfinished lesson, an unfinished quiz,
    questions due for review, an exercise that was begun, a new quiz, another exercise, a
    section to read again, and practice.
    """
    open_exercises = [each for each in _in_lesson_order(contents, exercises) if not each.passed]
    written = next((e for e in open_exercises if e.checks or e.stale or e.id in started), None)
    first = _begun_before(quizzes, review, begun)
    if first is not None:
        return first if written is None else replace(first, other=f"course check {written.id}")
    new_quiz = next((quiz for quiz in quizzes if quiz.last is None), None)
    lesson_of = {quiz.id: quiz.lesson for quiz in contents.quizzes}
    if written is not None:
        lesson = None if new_quiz is None else f"course learn {lesson_of[new_quiz.id]}"
        return replace(_write(written), other=lesson)
    if new_quiz is not None:
        lesson = lesson_of[new_quiz.id]
        commands = (f"course learn {lesson}", f"course lesson {lesson}", f"course quiz {new_quiz.id}")
        sentence = f"Learn {lesson} step by step, or read the lesson and then take the quiz {new_quiz.id}."
        return Suggestion("take", new_quiz.id, sentence, commands)
    for exercise in open_exercises:
        begin = (f"course start {exercise.id}", f"course check {exercise.id}")
        sentence = f"Write the code for {exercise.id}, then check it."
        return Suggestion("start", exercise.id, sentence, begin)
    for concept in concepts:
        if concept.read_again:
            lesson, section = concept.read_again[0]
            sentence = f"You missed something about “{concept.title}”. Read section {section} again."
            return Suggestion("read-again", section, sentence, (f"course lesson {lesson} {section}",))
    lessons = [practice.lesson for practice in contents.practice]
    if lessons and not _all_mastered(contents, concepts):
        sentence = "You have taken all quizzes and passed all exercises. Some concepts need more practice."
        return Suggestion(
            "practise", lessons[0], sentence, tuple(f"course learn {lesson}" for lesson in lessons)
        )
    return Suggestion("done", None, "You have taken all quizzes and passed all exercises. Well done!", ())


def _begun_before(
    quizzes: Sequence[QuizStanding], review: ReviewStanding, begun: Sequence[str]
) -> Suggestion | None:
    """Return what comes before any exercise: a lesson or a quiz to finish, or a review."""
    for lesson_id in begun:
        return Suggestion(
            "learn", lesson_id, f"You have started the lesson {lesson_id}.", (f"course learn {lesson_id}",)
        )
    for quiz in quizzes:
        if quiz.last is not None and quiz.open_questions:
            count = f"{quiz.open_questions} open question{'s' * (quiz.open_questions > 1)}"
            return Suggestion(
                "go-on", quiz.id, f"The quiz {quiz.id} has {count}.", (f"course quiz {quiz.id}",)
            )
    if review.due:
        count = "One question is" if review.due == 1 else f"{review.due} questions are"
        return Suggestion("review", None, f"{count} due for review.", ("course review",))
    return None


def _write(exercise: ExerciseStanding) -> Suggestion:
    """Return the step at an exercise that was begun."""
    check = f"course check {exercise.id}"
    if exercise.checks or exercise.stale:
        says = f"You have not passed the exercise {exercise.id} yet."
        return Suggestion("improve", exercise.id, says, (check, f"course hint {exercise.id}"))
    says = f"You have begun the exercise {exercise.id}. Write its functions, then check them."
    return Suggestion("start", exercise.id, says, (check,))


def first_step(lesson_id: str) -> Suggestion:
    """Return the first step in a course that has lessons but no quizzes of its own."""
    commands = (f"course learn {lesson_id}", f"course lesson {lesson_id}")
    return Suggestion("learn", lesson_id, f"Learn {lesson_id} step by step, or read the lesson.", commands)


def _all_mastered(contents: Contents, concepts: Sequence[ConceptStanding]) -> bool:
    return {concept.id for concept in concepts if concept.mastered} >= contents.concepts.keys()


def _in_lesson_order(contents: Contents, exercises: Sequence[ExerciseStanding]) -> list[ExerciseStanding]:
    order = [e for lesson in contents.lessons for section in lesson.sections for e in section.exercises]
    place = {exercise_id: index for index, exercise_id in reversed([*enumerate(order)])}
    return sorted(exercises, key=lambda exercise: (place.get(exercise.id, len(order)), exercise.id))
