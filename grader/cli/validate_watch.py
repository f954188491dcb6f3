"""`course validate --watch`: after each save, the problems that are new and those that are fixed."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from contextlib import closing

import click

from grader.authoring.placeholders import folded
from grader.authoring.validation import Validation
from grader.authoring.watching import State, Watched, changes
from grader.cli.common import StatusLine
from grader.cli.text import Look, Screen, Span, screen
from grader.cli.validate_lines import conclusion, lines
from grader.content.course import Course
from grader.files import near


def follow(course: Course, items: Collection[str] | None, seeds: int) -> int:
    """Validate a course or parts of it after each save, until Ctrl-C. Return the exit code of the last state.

    Raises CourseError for an unknown id or a kit, and EnvironmentProblem.
    """
    status, page = StatusLine(wanted=True), screen()
    if not sys.stdout.isatty():
        page = page._replace(width=sys.maxsize)  # one line per problem

    def tell(exercise: str, done: int, total: int) -> None:
        status.say(f"{exercise}: {done} of {total} runs …")

    last: Validation | None = None
    with closing(Watched(course, items, seeds, tell)) as watched:
        try:
            for state in watched.states():
                if last is None and state.waiting:
                    continue
                before, last = last, state.validation
                shown = lines(last, screen()) if before is None else changed_lines(before, state, page)
                status.say("")
                for line in shown:
                    click.echo(line)
                if before is None:
                    click.echo(f"Watching {course.root}. Press Ctrl-C to stop.")
                sys.stdout.flush()
        except KeyboardInterrupt:
            if last is None:
                raise
            status.say("")
            click.echo("\nStopped.", err=True)
    return 0 if last and last.ok else 2


def changed_lines(before: Validation, state: State, page: Screen) -> Iterator[str]:
    """Yield the problems that are new and those that are fixed, and the verdict once all is proven."""
    after = state.validation
    found = changes(before.problems, after.problems)
    for word, problems, look in (("new", found.new, Look.BAD), ("fixed", found.fixed, Look.GOOD)):
        for problem in folded(problems):
            place = f"{near(problem.file)}:{problem.line}:"
            text = " ".join(f"{problem.what} — {problem.todo}".split())
            pieces = [Span(f"{word}: ", look), Span(place, Look.BOLD), Span(f" {text}")]
            yield from page.lines(pieces, "", "  ")
    if not state.waiting:
        yield from page.lines(conclusion(after, digits=1))
