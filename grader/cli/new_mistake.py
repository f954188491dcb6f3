"""`course new mistake`: a known mistake from a wrong program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.new_parts import author_course, say_next, write_files
from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.authoring.new.mistake import WrongFunction


@click.command()
@click.argument("mistake_id", metavar="[ID]", required=False)
@click.option(
    "--from",
    "file",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A wrong submission, a notebook or a .py file. It need not contain all functions.",
)
@click.option("--exercise", "exercise_id", help="The exercise. Default: the only one.")
@click.option("--function", "name", help="The wrong function, if FILE has several.")
@click.option(
    "--misconception", help="The wrong idea behind it. If the lesson does not have it, it is added."
)
@click.option("--says", help="What learners with this mistake are told: a question, or a pointer.")
def mistake(
    mistake_id: str | None,
    file: Path,
    exercise_id: str | None,
    name: str | None,
    misconception: str | None,
    says: str | None,
) -> None:
    """Turn a wrong program into a known mistake of an exercise.

    Only the wrong function is kept, with all it needs. It is tried on its tests
    first: it must fail one, and must not be recognized as a known mistake. The
    program runs, so read it if it is not yours.

    \b
    Examples:
      course new mistake --from wrong.py --exercise exercise-words
      course new mistake counts-blanks --from wrong.ipynb --function word_count
    """
    from grader.authoring.new.mistake import (
        NewMistake,
        concept_of,
        different_functions,
        failures,
        new_mistake,
        source_of,
        tried,
    )
    from grader.cli.asked_values import Values, an_id
    from grader.cli.common import StatusLine, only_id
    from grader.content.yaml_core import read_text
    from grader.judge.client.pool import JudgePool
    from grader.judge.submission import read_submission

    here, values = author_course(), Values()
    exercise_id = exercise_id or only_id("exercises", here.exercise_ids, "--exercise")
    exercise = here.exercise(exercise_id)
    lesson = here.lesson(exercise.lesson)
    solution = read_text(here.exercise_dir(exercise_id) / "solution.py")
    found = different_functions(source_of(read_submission(file)), str(file), solution, exercise)
    if name is not None:
        found = [wrong for wrong in found if wrong.function == name]
    if not found:
        whose = f"no {name}" if name else f"no function of {exercise_id}"
        raise CourseError(
            f"{file} has {whose} that differs from the solution — check FILE, --exercise and --function"
        )
    status = StatusLine(wanted=True)
    status.say("Running the tests …")
    try:
        with JudgePool() as judges:
            judged = [tried(judges, here, exercise, solution, wrong) for wrong in found]
    finally:
        status.say("")
    wrong = _only_wrong(judged, file)
    report = wrong.reports[0]
    click.echo(f"{wrong.function} fails {len([*failures(report)])} of {len(report.tests)} tests:")
    for title, lines in failures(report):
        click.echo(f"  {title}")
        for line in lines:
            click.echo(f"    {line}")
    if wrong.named:
        known = ", ".join(wrong.named)
        raise CourseError(f"{wrong.function} is recognized as {known} already, so there is nothing to add")
    taken = [each.id for each in exercise.mistakes]

    def a_new_id(value: str) -> str:
        used = f"{exercise_id} has a mistake {value!r} already." if value in taken else ""
        return an_id(value) or used

    said = NewMistake(
        id=(
            chosen := values.value(
                mistake_id, "ID", "Id of the mistake, such as counts-blanks", check=a_new_id
            )
        ),
        misconception=values.value(
            misconception, "--misconception", "Id of the wrong idea behind it", chosen, an_id
        ),
        concept=concept_of(exercise, lesson, wrong.function),
        says=values.later(says, "--says", "What learners are told, as a question"),
    )
    write_files(here, "exercise", new_mistake(here, exercise, lesson, wrong, said))
    is_whole = said.says and said.misconception in {each.id for each in lesson.misconceptions}
    todo = "look at what was written" if is_whole else "replace what begins with TODO"
    say_next(todo, "validate", exercise_id)


def _only_wrong(judged: Sequence[WrongFunction], file: Path) -> WrongFunction:
    """Return the only function that fails its tests. Raises CourseError if there is none, or several."""
    failing = [wrong for wrong in judged if wrong.fails]
    if not failing:
        names = ", ".join(wrong.function for wrong in judged)
        raise CourseError(
            f"{file}: {names} passes every test, so it proves nothing — "
            "add a test that it fails whatever `rng` draws, then run this command again"
        )
    if len(failing) > 1:
        names = ", ".join(wrong.function for wrong in failing)
        raise CourseError(f"{file}: {len(failing)} functions fail, {names} — name one with --function")
    return failing[0]
