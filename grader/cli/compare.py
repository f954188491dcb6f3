"""`course compare`: a function of the learner's beside the reference solution."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.content.exercise import Exercise, Function


@click.command()
@click.argument("exercise_id", metavar="EXERCISE")
@click.argument("function", metavar="[FUNCTION]", required=False)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
def compare(exercise_id: str, function: str | None, file: Path | None) -> None:
    """Show a function of yours, then the reference solution of it.

    Works for functions that passed your last check, and for those whose
    solution you asked for. Left out, FUNCTION is each of these.

    \b
    Examples:
      course compare exercise-lstm
      course compare exercise-lstm create_sequences
    """
    from grader.cli.check import learner_file
    from grader.cli.common import current_course, current_recorder
    from grader.cli.hint import named_function
    from grader.errors import CourseError
    from grader.judge.submission import read_submission
    from grader.tutor.ladder import may_see_solution

    course = current_course()
    exercise = course.exercise(exercise_id)
    wanted = [named_function(exercise, function)] if function else list(exercise.functions)
    attempts = current_recorder().attempts()
    open_ = [f for f in wanted if may_see_solution(course, exercise, f, attempts)]
    if not open_:
        what = f"{function} is not" if function else "no function is"
        raise CourseError(f"{what} solved yet — pass its tests first: course check {exercise_id}")
    submission = read_submission(file or learner_file(exercise_id))
    source = "\n\n".join(cell.source for cell in submission.cells)
    for number, each in enumerate(open_):
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
        shown = "Your file does not define it by name." if code is None else f"```python\n{code}\n```"
        click.echo("\n".join(render(shown, page)) + "\n")
