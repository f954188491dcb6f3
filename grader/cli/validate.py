"""`course validate`: proof for authors that a course is sound and its tests catch mistakes."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import StatusLine, current_course
from grader.errors import CourseError
from grader.files import write_whole
from grader.wording import first_of

if TYPE_CHECKING:
    from grader.authoring.validation import Validation
    from grader.content.course import Course


class Count(click.ParamType[int]):
    """A number from 0, or "all"."""

    name = "count"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if value == "all":
            return sys.maxsize
        if not value.isdecimal():
            self.fail(f"{value!r} is not a number from 0, or 'all'.", param, ctx)
        return int(value)


@click.command()
@click.argument("names", metavar="[ID|FILE]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print only the result, as JSON.")
@click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="Number of seeds to judge the solution with, and known mistakes that a single test fails.",
)
@click.option(
    "--mutants",
    metavar="N|all",
    type=Count(),
    default="0",
    show_default=True,
    help="Number of small changes to try on each solution.",
)
@click.option(
    "--write-survivors",
    "drafts",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write each change that no test notices into DIR, as the draft of a known mistake.",
)
@click.option("--watch", is_flag=True, help="Stay, and prove again what changes on each save.")
@click.pass_context
def validate(
    context: click.Context,
    names: tuple[str, ...],
    as_json: bool,
    seeds: int,
    mutants: int,
    drafts: Path | None,
    watch: bool,
) -> None:
    """Prove that a course is sound and that its tests catch mistakes.

    The course is the one in this directory, or the one that --course or COURSE_DIR
    names. ID is a lesson, a quiz or an exercise, and FILE a file of one, such as one
    that has changed. Default: the whole course. Every reference, link, formula and
    figure is checked. For an exercise:

    \b
      - the starter code earns no points, and the solution earns all, with every seed
      - each known mistake loses points and is recognized as itself and as nothing else
      - each hidden test catches at least one mistake
      - after each failed test, a learner has a hint or a section to look at
      - no message contains code of the solution
      - with --mutants, each small change of the solution fails a test, or is listed as
        equivalent in the exercise's equivalent_mutants.yaml, with a reason

    With --watch, it prints each problem that is new or fixed after a save, until you
    press Ctrl-C. The exit code is that of the last state. Meanwhile, an exercise keeps
    its seed, because a new one would change every run. A FILE stands for the lesson,
    quiz or exercise that it belongs to.

    A library that the exercise lists must be installed if this code imports it.
    Otherwise you only get a warning.

    Exit code: 0 proven, 2 something is broken, 3 this machine cannot do it.

    \b
    Examples:
      course --course . validate
      course --course . validate exercise-lstm --seeds 3
      course --course . validate exercise-lstm --mutants all --write-survivors drafts
      course --course . validate day4 exercise-lstm --watch
      course --course . validate --json > proof.json
      git diff --name-only -z main | xargs -0 course validate
    """
    from grader.authoring.changed_items import named_items, validate_each
    from grader.authoring.validation import validate as prove
    from grader.cli.new_parts import course_here

    if watch and (as_json or mutants):
        raise click.UsageError("--watch cannot be used with --json or --mutants.")
    if drafts is not None:
        if not mutants:
            raise click.UsageError("--write-survivors needs --mutants.")
        if drafts.is_dir() and any(drafts.iterdir()):
            raise CourseError(f"{drafts} is not empty — name a new directory")
    course = course_here() or current_course()
    items = named_items(course, names, Path.cwd()) if names else None
    gone = [name for name in names if name not in (items or ()) and not Path(name).exists()]
    if items is None and gone and not as_json:
        verb = "do" if len(gone) > 1 else "does"
        click.echo(f"Note: {first_of(gone, 3)} {verb} not exist, so the whole course is validated.")
    if items == () and not as_json:
        absent = f" ({first_of(gone, 3)}: no such file)" if gone else ""
        click.echo(f"None of these files is content of the course{absent}, so there is nothing to validate.")
        return
    if watch:
        from grader.cli.validate_watch import follow

        context.exit(follow(course, items, seeds))
    status = StatusLine(wanted=not as_json)

    def tell(exercise: str, done: int, total: int) -> None:
        status.say(f"{exercise}: {done} of {total} runs …")

    try:
        validation = validate_each(course, items, lambda item: prove(course, item, seeds, tell, mutants))
    finally:
        status.say("")
    written = {} if drafts is None else _write(drafts, course, validation)
    _show(validation, as_json, written)
    if not as_json:
        _offer(validation, written)
    context.exit(0 if validation.ok else 2)


def _write(directory: Path, course: Course, validation: Validation) -> dict[str, list[str]]:
    """Write the survivors of each exercise into a directory of their own. Raises EnvironmentProblem.

    Return the paths of the programs by exercise, in the order of the survivors.
    """
    from grader.authoring.mistake_drafts import drafts

    programs: dict[str, list[str]] = {}
    for proof in validation.exercises:
        survivors = proof.mutation.survivors if proof.mutation else ()
        solution = (course.exercise_dir(proof.id) / "solution.py").read_text(encoding="utf-8")
        for name, text in drafts(course.exercise(proof.id), solution, survivors).items():
            path = directory / proof.id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
            if path.suffix == ".py":
                programs.setdefault(proof.id, []).append(str(path))
    return programs


def _offer(validation: Validation, written: Mapping[str, Sequence[str]]) -> None:
    """Say how a survivor becomes a known mistake, with the first one as the example."""
    from grader.cli.new_parts import course_command

    if written:
        exercise, paths = next(iter(written.items()))
        click.echo(
            "\nTo turn a survivor into a known mistake, write a test that it fails. Then, for example:"
        )
        click.echo(f"  {course_command()} new mistake --exercise {exercise} --from {shlex.quote(paths[0])}")
    elif any(proof.mutation and proof.mutation.survivors for proof in validation.exercises):
        click.echo("\nTo get each survivor as a program, add: --write-survivors drafts")


def _show(validation: Validation, as_json: bool, programs: Mapping[str, Sequence[str]]) -> None:
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(validation)).decode())
        return
    from grader.cli.text import screen
    from grader.cli.validate_lines import lines

    for line in lines(validation, screen(), programs):
        click.echo(line)
