"""`course validate`: proof for authors that a course is sound and its tests catch mistakes."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import StatusLine, current_course
from grader.errors import CourseError
from grader.files import write_whole

if TYPE_CHECKING:
    from grader.authoring.mutation_proof import Mutation
    from grader.authoring.proof import Matrix, Row
    from grader.authoring.validation import Validation
    from grader.cli.text import Screen
    from grader.content.course import Course

FAILS, PASSES = "x", "."


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
    help="Number of seeds to judge the solution with.",
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
@click.pass_context
def validate(
    context: click.Context,
    names: tuple[str, ...],
    as_json: bool,
    seeds: int,
    mutants: int,
    drafts: Path | None,
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

    A library that the exercise lists must be installed if this code imports it.
    Otherwise you only get a warning.

    Exit code: 0 proven, 2 something is broken, 3 this machine cannot do it.

    \b
    Examples:
      course --course . validate
      course --course . validate exercise-lstm --seeds 3
      course --course . validate exercise-lstm --mutants all --write-survivors drafts
      course --course . validate --json > proof.json
      git diff --name-only -z main | xargs -0 course validate
    """
    from grader.authoring.changed_items import named_items, validate_each
    from grader.authoring.validation import validate as prove
    from grader.cli.new_parts import course_here

    if drafts is not None:
        if not mutants:
            raise click.UsageError("--write-survivors needs --mutants.")
        if drafts.is_dir() and any(drafts.iterdir()):
            raise CourseError(f"{drafts} is not empty — name a new directory")
    course = course_here() or current_course()
    items = named_items(course, names, Path.cwd()) if names else None
    if items == () and not as_json:
        click.echo("None of these files is content of the course, so there is nothing to validate.")
        return
    status = StatusLine(wanted=not as_json)

    def tell(exercise: str, done: int, total: int) -> None:
        status.say(f"{exercise}: {done} of {total} runs …")

    try:
        validation = validate_each(course, items, lambda item: prove(course, item, seeds, tell, mutants))
    finally:
        status.say("")
    written = {} if drafts is None else _write(drafts, course, validation)
    _show(validation, as_json)
    if not as_json:
        _offer(validation, written)
    context.exit(0 if validation.ok else 2)


def _write(directory: Path, course: Course, validation: Validation) -> dict[Path, str]:
    """Write the survivors of each exercise into a directory of their own. Raises EnvironmentProblem.

    Return the exercise of each program.
    """
    from grader.authoring.mistake_drafts import drafts

    programs = {}
    for proof in validation.exercises:
        survivors = proof.mutation.survivors if proof.mutation else ()
        solution = (course.exercise_dir(proof.id) / "solution.py").read_text(encoding="utf-8")
        for name, text in drafts(course.exercise(proof.id), solution, survivors).items():
            path = directory / proof.id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
            if path.suffix == ".py":
                programs[path] = proof.id
    return programs


def _offer(validation: Validation, written: Mapping[Path, str]) -> None:
    """Say how a survivor becomes a known mistake."""
    from grader.cli.new_parts import course_command

    if written:
        click.echo("\nTo turn a survivor into a known mistake, write a test that it fails. Then:")
        for path, exercise in written.items():
            click.echo(
                f"  {course_command()} new mistake --exercise {exercise} --from {shlex.quote(str(path))}"
            )
    elif any(proof.mutation and proof.mutation.survivors for proof in validation.exercises):
        click.echo("\nTo get each survivor as a program, add: --write-survivors drafts")


def _show(validation: Validation, as_json: bool) -> None:
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(validation)).decode())
        return
    from grader.cli.text import screen

    for line in lines(validation, screen()):
        click.echo(line)


def lines(validation: Validation, page: Screen) -> Iterator[str]:
    """Yield the result for an author: the matrices, then the problems and their places."""
    from grader.cli.text import Look, Span, verdict

    for exercise in validation.exercises:
        count = len(exercise.seeds)
        seeds = "not run" if not count else "1 seed" if count == 1 else f"{count} seeds"
        yield from page.lines([Span(exercise.id, Look.BOLD), Span(f", version {exercise.version}, {seeds}")])
        yield ""
        for function in dict.fromkeys(test.function for test in exercise.matrix.tests):
            yield from _matrix(exercise.matrix, function, page)
            yield ""
        if exercise.mutation is not None:
            yield from page.lines([Span(_summary(exercise.mutation))])
            yield ""
            for survivor in exercise.mutation.survivors:
                yield f"line {survivor.number}, {survivor.function}:"
                yield from (f"  {line}" for line in survivor.diff.splitlines())
                yield ""
    for problem in (*validation.warnings, *validation.problems):
        place = f"{problem.file}:{problem.line}:"
        kind = "" if problem in validation.problems else " warning:"
        text = f"{kind} {problem.what} — {problem.todo}"
        yield from page.lines([Span(place, Look.BOLD), Span(text)], "", "  ")
    if validation.ok:
        yield from page.lines(
            verdict("Proven.", f"Nothing is broken ({validation.seconds:.0f} s).", Look.GOOD)
        )
    else:
        count = len(validation.problems)
        summary = "One thing is broken" if count == 1 else f"{count} things are broken"
        yield ""
        yield from page.lines(verdict("Not proven.", f"{summary} ({validation.seconds:.0f} s).", Look.BAD))


def _summary(mutation: Mutation) -> str:
    """Return what became of the mutants, in one sentence."""
    late = f" ({mutation.timed_out} of them by not ending in time)" if mutation.timed_out else ""
    return (
        f"{mutation.tried} of {mutation.mutants} mutants tried: {mutation.failing} fail a test{late}, "
        f"{mutation.equivalent} are listed as equivalent, {len(mutation.survivors)} survive."
    )


def _matrix(whole: Matrix, function: str, page: Screen) -> Iterator[str]:
    """Yield the matrix of one function: one row per mistake, one column per test, then the titles."""
    from grader.cli.text import Look, Span

    tests = [test for test in whole.tests if test.function == function]
    rows = [row for row in whole.mistakes if row.function == function]
    yield from page.lines([Span(function, Look.BOLD)])
    if not rows:
        yield from page.lines([Span("This function has no known mistakes.")])
    size = len(str(len(tests)))
    names = ["mistake", *(row.id for row in rows)]
    called = ["named", *(_named(row) for row in rows)]
    wide = max(map(len, names)) + 2 + (size + 1) * len(tests) + 1 + max(map(len, called))
    step = len(tests) if wide <= page.width else max((page.width - 2) // (size + 1), 1)
    for first in range(0, len(tests), step) if rows else ():
        block = list(enumerate(tests, start=1))[first : first + step]
        cells = [[str(number) for number, _ in block]]
        cells += [[FAILS if test.id in row.failed else PASSES for _, test in block] for row in rows]
        for name, marks, says in zip(names, cells, called, strict=True):
            shown = " ".join(mark.rjust(size) for mark in marks)
            if wide <= page.width:
                yield f"{name:{max(map(len, names))}}  {shown}  {says}"
            else:
                yield from page.lines([Span(f"{name}: {says}")], "", "    ")
                yield f"  {shown}"
    for number, test in enumerate(tests, start=1):
        kind = "" if test.visible else " (hidden)"
        yield from page.lines([Span(test.title + kind)], f"{number:>{size + 2}}  ", " " * (size + 4))


def _named(row: Row) -> str:
    return ", ".join("itself" if name == row.id else name for name in row.named) or "nothing"
