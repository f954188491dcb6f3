"""`course hint`: the next step of help with a question or a function of an exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.cli.sittings import LoggedSitting
    from grader.content.course import Course
    from grader.content.exercise import Exercise, Function
    from grader.content.questions import Question
    from grader.content.quiz import Practice, Quiz
    from grader.progress.attempt import Attempt
    from grader.progress.log import AttemptLog


@click.command()
@click.argument("item", metavar="ID")
@click.argument("function", metavar="[FUNCTION]", required=False)
@click.option("--solution", is_flag=True, help="Show the reference solution, after all other help.")
def hint(item: str, function: str | None, solution: bool) -> None:
    """Show the next hint to the question or exercise called ID.

    For an exercise, name the FUNCTION; left out, it is the first one that did
    not pass your last check. Help comes in order, and costs no points: hints
    first, then a worked example, and at the end, if you ask for it, the
    solution. A function whose solution you saw counts no longer as evidence of
    what you know.

    \b
    Examples:
      course hint day4-q3
      course hint exercise-lstm
      course hint exercise-lstm create_sequences
      course hint exercise-lstm create_sequences --solution
    """
    from grader.cli.common import attempt_log, current_course
    from grader.errors import CourseError

    course, log = current_course(), attempt_log()
    if item in course.exercise_ids:
        if solution:
            _show_solution(course, course.exercise(item), function, log)
        else:
            show_exercise_hint(course, course.exercise(item), function, log)
        return
    if course.kit is not None:
        _for_sealed_question(course, item, log)
        return
    source, question = _find_question(course, item)
    if function is not None:
        raise CourseError(f"{item} is a question, not an exercise — leave {function!r} out")
    if solution:
        raise CourseError(f"{item} is a question — to see its answer, type s when it is asked")
    _for_question(source, question, log)


def _find_question(course: Course, item: str) -> tuple[Quiz | Practice, Question]:
    """Return the question with this id and where it stands. Raises UnknownIdError."""
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


def _for_question(source: Quiz | Practice, question: Question, log: AttemptLog) -> None:
    """Open the next hint, in the sitting in which the question is asked now or next."""
    from grader.cli.sittings import attempt_of
    from grader.quiz.sitting import Hint, HintOpened, apply

    if not question.hints:
        _say_none(question.id, source.lesson, question.section)
        return
    log.prepare()
    logged = _sitting(source, question, log.attempts())
    event = HintOpened(question.id)
    _, hint = apply(logged.sitting, event)
    assert isinstance(hint, Hint)
    if not hint.again:
        log.append(attempt_of(logged, event))
    _say(f"{question.id}, hint {hint.number} of {hint.total}", hint.text, hint.again)


def _sitting(source: Quiz | Practice, question: Question, attempts: list[Attempt]) -> LoggedSitting:
    from grader.cli.sittings import fresh_sitting, last_sitting, practice_sitting
    from grader.content.quiz import Quiz
    from grader.quiz.sitting import Stage

    if isinstance(source, Quiz):
        mine = [attempt for attempt in attempts if attempt.quiz == source.id]
        logged = last_sitting(source, mine) or fresh_sitting(source, mine)
        if logged.sitting.state(question.id).stage is Stage.OPEN:
            return logged
    return practice_sitting(question, source.lesson, attempts)


def _for_sealed_question(course: Course, item: str, log: AttemptLog) -> None:
    """Open the next hint to a question of a learner's kit. Raises UnknownIdError."""
    from grader.cli.kit_quiz import open_hint
    from grader.errors import UnknownIdError

    quizzes = list(map(course.sealed_quiz, course.sealed_quiz_ids))
    questions = {question.id: (quiz, question) for quiz in quizzes for question in quiz.questions}
    if item not in questions:
        raise UnknownIdError("question or exercise", item, [*course.exercise_ids, *questions])
    quiz, question = questions[item]
    if not question.hints:
        _say_none(item, quiz.lesson, question.section)
        return
    number, again = open_hint(question, log)
    _say(f"{item}, hint {number} of {len(question.hints)}", question.hints[number - 1], again)


def show_exercise_hint(course: Course, exercise: Exercise, name: str | None, log: AttemptLog) -> None:
    """Open and show the next step of help with a function; without a name, the first that did not pass."""
    from grader.cli.common import new_attempt
    from grader.tutor.ladder import Ladder

    log.prepare()
    attempts = log.attempts()
    function = named_function(exercise, name) if name is not None else _not_passed(exercise, attempts)
    if function is None:
        click.echo(
            f"Every function of {exercise.id} passed your last check. "
            f"To see a hint all the same: course hint {exercise.id} {exercise.functions[0].name}"
        )
        return
    ladder = Ladder(exercise, function, attempts)
    if ladder.is_empty:
        _say_none(ladder.item, exercise.lesson, function.section)
        return
    rung = ladder.next()
    if not rung.again:
        log.append(new_attempt(rung.kind, ladder.item, ladder.version, hints=rung.number))
    total = len(function.hints)
    title = f"hint {rung.number} of {total}" if rung.kind == "hint" else "a worked example"
    _say(f"{ladder.item}, {title}", rung.text, rung.again)
    if Ladder(exercise, function, log.attempts()).left == 0:
        solution = "your instructor has it" if course.kit else _solution_command(exercise, function)
        click.echo(f"\nThat was all. The solution itself: {solution}")


def _show_solution(course: Course, exercise: Exercise, name: str | None, log: AttemptLog) -> None:
    """Show the reference solution of one function, once all other help has been seen, and record it."""
    from grader.cli.common import new_attempt
    from grader.cli.markdown import render
    from grader.cli.text import screen
    from grader.errors import CourseError
    from grader.tutor.ladder import Ladder, solution_of

    log.prepare()
    attempts = log.attempts()
    function = named_function(exercise, name) if name is not None else _not_passed(exercise, attempts)
    if function is None:
        raise CourseError(
            f"every function of {exercise.id} passed — compare them: course compare {exercise.id}"
        )
    ladder = Ladder(exercise, function, attempts)
    if ladder.left and not ladder.solution_seen:
        steps = "one step" if ladder.left == 1 else f"{ladder.left} steps"
        raise CourseError(
            f"there is other help before the solution of {function.name}, {steps} of it — "
            f"course hint {exercise.id} {function.name}"
        )
    code = solution_of(course, exercise, function)
    log.append(new_attempt("solution", ladder.item, ladder.version))
    page = screen()
    click.echo(page.wrap(f"**{ladder.item}, the reference solution.** It is one way of several."))
    click.echo("\n".join(render(f"```python\n{code}\n```", page)))
    click.echo(f"\nBeside yours: course compare {exercise.id} {function.name}")


def _solution_command(exercise: Exercise, function: Function) -> str:
    return f"course hint {exercise.id} {function.name} --solution"


def named_function(exercise: Exercise, name: str) -> Function:
    from grader.errors import UnknownIdError

    function = exercise.function(name)
    if function is None:
        raise UnknownIdError(f"function of {exercise.id}", name, (f.name for f in exercise.functions))
    return function


def _not_passed(exercise: Exercise, attempts: list[Attempt]) -> Function | None:
    """Return the first function with a test that did not pass in the last check."""
    from grader.progress.attempt import in_time
    from grader.progress.evidence import report_lines

    checks = [a for a in in_time(attempts) if a.kind == "check" and a.item == exercise.id]
    if not checks:
        return exercise.functions[0]
    tests = report_lines(checks[-1].report).tests
    wrong = {test.function for test in tests if test.counts and test.outcome != "passed"}
    return next((function for function in exercise.functions if function.name in wrong), None)


def _say(title: str, text: str, again: bool) -> None:
    from grader.cli.markdown import render
    from grader.cli.text import screen

    note = " There are no more; here is the last one again." if again else ""
    page = screen()
    click.echo(page.wrap(f"**{title}.**{note}"))
    click.echo("\n".join(render(text, page)))


def _say_none(item: str, lesson: str, section: str | None) -> None:
    where = f"course lesson {lesson}" + (f" {section}" if section else "")
    click.echo(f"{item} has no hints. To read about it: {where}")
