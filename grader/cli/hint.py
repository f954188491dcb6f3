"""`course hint`: the next step of help with a question or with a function of an exercise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.content.exercise import Exercise, Function
    from grader.content.questions import Question
    from grader.content.quiz import Practice, Quiz
    from grader.quiz.sitting import Hint
    from grader.tutor.hint_sources import Source
    from grader.tutor.recording import Recorder


@click.command()
@click.argument("item", metavar="[ID]", required=False)
@click.argument("function", metavar="[FUNCTION]", required=False)
@click.option("--solution", is_flag=True, help="Show the reference solution, after all other help.")
def hint(item: str | None, function: str | None, solution: bool) -> None:
    """Show the next hint for the question or exercise called ID.

    Default for ID: the exercise whose file is in this directory.
    For an exercise, name the FUNCTION. Default: the first one that did not pass
    your last check. Help comes in order and costs no points: first hints about
    what that check found, then hints about the function, then a worked example.
    With --solution, the solution comes last. A function whose solution you have
    seen no longer counts as evidence of what you know.

    \b
    Examples:
      course hint day4-q3
      course hint exercise-lstm
      course hint exercise-lstm create_sequences
      course hint exercise-lstm create_sequences --solution
    """
    from grader.cli.common import current_course, current_recorder, the_exercise
    from grader.errors import CourseError

    course, recorder = current_course(), current_recorder()
    item = the_exercise(course, item)
    if item in course.exercise_ids:
        show = show_exercise_solution if solution else show_exercise_hint
        show(course, course.exercise(item), function, recorder)
        return
    if course.kit is not None:
        _show_kit_hint(course, item, recorder)
        return
    source, question = _find_question(course, item)
    if function is not None:
        raise CourseError(f"{item} is a question, not an exercise — leave out {function!r}")
    if solution:
        raise CourseError(f"{item} is a question — to see its answer, type s when it is asked")
    _show_question_hint(source, question, recorder)


def _find_question(course: Course, item: str) -> tuple[Quiz | Practice, Question]:
    """Return the question with this id and the file it is in. Raises UnknownIdError."""
    from grader.errors import UnknownIdError

    ids = list(course.exercise_ids)
    quizzes, practice = map(course.quiz, course.quiz_ids), map(course.practice, course.practice_ids)
    sources: list[Quiz | Practice] = [*quizzes, *practice]
    for source in sources:
        question = source.question(item)
        if question is not None:
            return source, question
        ids += [q.id for q in source.questions]
    raise UnknownIdError("question or exercise", item, ids)


def _show_question_hint(source: Quiz | Practice, question: Question, recorder: Recorder) -> None:
    """Open the next hint, in the sitting in which the question is asked now or next."""
    from grader.quiz.sitting import Hint, HintOpened
    from grader.tutor.asked_questions import SittingQuestion
    from grader.tutor.sittings import sitting_to_help

    recorder.prepare()
    logged = sitting_to_help(question, source, recorder.attempts())
    feedback = SittingQuestion(logged, question.id, recorder).take(HintOpened(question.id))
    if isinstance(feedback, Hint):
        _say_hint(question.id, feedback)
    else:
        _say_none(question.id, source.lesson, question.section)


def _show_kit_hint(course: Course, item: str, recorder: Recorder) -> None:
    """Open the next hint for a question of a learner's kit. Raises UnknownIdError."""
    from grader.errors import UnknownIdError
    from grader.quiz.sitting import Hint, HintOpened
    from grader.tutor.asked_questions import KitQuestion

    quizzes = list(map(course.sealed_quiz, course.sealed_quiz_ids))
    questions = {question.id: (quiz, question) for quiz in quizzes for question in quiz.questions}
    if item not in questions:
        raise UnknownIdError("question or exercise", item, [*course.exercise_ids, *questions])
    quiz, question = questions[item]
    feedback = KitQuestion(quiz, question, recorder).take(HintOpened(item))
    if isinstance(feedback, Hint):
        _say_hint(item, feedback)
    else:
        _say_none(item, quiz.lesson, question.section)


def show_exercise_hint(
    course: Course,
    exercise: Exercise,
    name: str | None,
    recorder: Recorder,
    echo: Callable[[str], object] = click.echo,
) -> None:
    """Show and record the next step of help with a function; default: the first that did not pass."""
    from grader.tutor.ladder import Ladder, open_next

    recorder.prepare()
    function = _function_to_help(exercise, name, recorder)
    if function is None:
        echo(
            f"Every function of {exercise.id} passed your last check. "
            f"To see a hint anyway: course hint {exercise.id} {exercise.functions[0].name}"
        )
        return
    ladder = Ladder(exercise, function, recorder.attempts())
    if ladder.is_empty:
        _say_none(ladder.item, exercise.lesson, function.section, echo)
        return
    rung = open_next(exercise, function, recorder)
    title = f"hint {rung.number} of {ladder.total}" if rung.kind == "hint" else "a worked example"
    _say(f"{ladder.item}, {title}", rung.text, rung.again, echo, _about(rung.source))
    if Ladder(exercise, function, recorder.attempts()).left == 0:
        told = "Ask your instructor for the solution." if course.kit else "For the solution:"
        echo(f"\nThere is no more help. {told}")
        if course.kit is None:
            echo(f"  {_solution_command(exercise, function)}")
    if recorder.keeps and not ladder.is_checked:
        echo(f"\nAfter a check, hints start with what is wrong in your file: course check {exercise.id}")


def _about(source: Source) -> str:
    """Return a note that says why this hint comes first; empty for a hint about the function as such."""
    from grader.tutor.hint_sources import Subject

    match source.subject:
        case Subject.MISTAKE:
            return " About the idea that your last check named."
        case Subject.TEST:
            return f" About a test that your last check did not pass: {source.title}"
        case Subject.FUNCTION:
            return ""


def show_exercise_solution(course: Course, exercise: Exercise, name: str | None, recorder: Recorder) -> None:
    """Show and record the reference solution of one function, once all other help has been seen."""
    from grader.cli.markdown import render
    from grader.cli.text import screen
    from grader.errors import CourseError
    from grader.tutor.ladder import open_solution

    recorder.prepare()
    function = _function_to_help(exercise, name, recorder)
    if function is None:
        raise CourseError(
            f"every function of {exercise.id} passed — to see the solutions: course compare {exercise.id}"
        )
    code = open_solution(course, exercise, function, recorder)
    page = screen()
    click.echo(
        page.wrap(f"**{exercise.id}/{function.name}, the reference solution.** It is one of several ways.")
    )
    click.echo("\n".join(render(f"```python\n{code}\n```", page)))
    click.echo(f"\nTo compare it with yours: course compare {exercise.id} {function.name}")


def _solution_command(exercise: Exercise, function: Function) -> str:
    return f"course hint {exercise.id} {function.name} --solution"


def _function_to_help(exercise: Exercise, name: str | None, recorder: Recorder) -> Function | None:
    from grader.tutor.ladder import first_not_passed

    if name is not None:
        return named_function(exercise, name)
    return first_not_passed(exercise, recorder.attempts())


def named_function(exercise: Exercise, name: str) -> Function:
    """Return a function of the exercise. Raises UnknownIdError."""
    from grader.errors import UnknownIdError

    function = exercise.function(name)
    if function is None:
        raise UnknownIdError(f"function of {exercise.id}", name, (f.name for f in exercise.functions))
    return function


def _say_hint(item: str, hint: Hint) -> None:
    _say(f"{item}, hint {hint.place}", hint.text, hint.again)


def _say(
    title: str, text: str, again: bool, echo: Callable[[str], object] = click.echo, about: str = ""
) -> None:
    from grader.cli.markdown import render
    from grader.cli.text import screen

    note = " There are no more hints. Here is the last one again." if again else about
    page = screen()
    echo(page.wrap(f"**{title}.**{note}"))
    echo("\n".join(render(text, page)))


def _say_none(
    item: str, lesson: str, section: str | None, echo: Callable[[str], object] = click.echo
) -> None:
    where = f"course lesson {lesson}" + (f" {section}" if section else "")
    echo(f"{item} has no hints. To read about it: {where}")
