"""`course compare`: the learner's function and the reference solution, one after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.content.exercise import Exercise, Function


@click.command()
@click.argument("exercise_id", metavar="[EXERCISE]", required=False)
@click.argument("function", metavar="[FUNCTION]", required=False)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
def compare(exercise_id: str | None, function: str | None, file: Path | None) -> None:
    """Show your function, then its reference solution.

    You can compare a function if it passed your last check, or if you have seen
    its solution. Default for FUNCTION: all functions that you can compare.

    \b
    Examples:
      course compare exercise-lstm
      course compare exercise-lstm create_sequences
    """
    from grader.cli.common import current_course, current_recorder, the_exercise
    from grader.cli.hint import named_function
    from grader.content.file_names import read_file_name
    from grader.errors import CourseError
    from grader.judge.submission import read_submission
    from grader.tutor.ladder import may_see_solution
    from grader.tutor.learner_file import learner_file

    course = current_course()
    exercise_id = the_exercise(course, exercise_id)
    if function is not None and file is None and read_file_name(function).kind.is_code:
        file, function = Path(function), None
    exercise = course.exercise(exercise_id)
    wanted = [named_function(exercise, function)] if function else list(exercise.functions)
    attempts = current_recorder().attempts()
    comparable = [f for f in wanted if may_see_solution(course, exercise, f, attempts)]
    if not comparable:
        subject = f"{function} is not" if function else "no function is"
        raise CourseError(f"{subject} solved yet — pass its tests first: course check {exercise_id}")
    submission = read_submission(file or learner_file(course, exercise_id, command="course compare").path)
    source = "\n\n".join(cell.source for cell in submission.cells)
    for number, each in enumerate(comparable):
        if number:
            click.echo()
        _show(course, exercise, each, source)


def _show(course: Course, exercise: Exercise, function: Function, source: str) -> None:
    from grader.cli.markdown import render
    from grader.cli.text import screen
    from grader.tutor.ladder import definition_in, solution_of

    page = screen()
    try:
        mine = definition_in(source, function.name)
    except SyntaxError:
        mine = None
    for title, code in (
        (f"{function.name}, yours", mine),
        (f"{function.name}, the reference solution", solution_of(course, exercise, function)),
    ):
        click.echo(page.wrap(f"**{title}**"))
        shown = "Your file does not define this function." if code is None else f"```python\n{code}\n```"
        click.echo("\n".join(render(shown, page)) + "\n")
