"""The result of a validation as lines for an author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from grader.authoring.mutation_proof import Mutation
from grader.authoring.placeholders import folded, is_placeholder
from grader.authoring.proof import Matrix, Row
from grader.authoring.validation import Validation
from grader.cli.text import Look, Screen, Span, verdict
from grader.content.problem import Problem
from grader.files import near

FAILS, PASSES = "x", "."


def lines(
    validation: Validation, page: Screen, programs: Mapping[str, Sequence[str]] | None = None
) -> Iterator[str]:
    """Yield the result for an author: the matrices, then the problems and their places.

    `programs` are the files that hold the survivors of an exercise, in their order.
    """
    details = _survivors(validation, programs or {})
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
    kinds = [(" warning:", problem) for problem in validation.warnings]
    for kind, problem in (*kinds, *(("", problem) for problem in folded(validation.problems))):
        place = f"{near(problem.file)}:{problem.line}:"
        text = f"{kind} {problem.what} — {problem.todo}"
        yield from page.lines([Span(place, Look.BOLD), Span(text)], "", "  ")
        yield from details.get((Path(problem.file).parent.name, problem.line, problem.what), ())
    if not validation.ok:
        yield ""
    yield from page.lines(conclusion(validation))


def _survivors(
    validation: Validation, programs: Mapping[str, Sequence[str]]
) -> dict[tuple[str, int, str], list[str]]:
    """Return the change of each survivor and the file with its program, by what its problem says."""
    found = {}
    for exercise in validation.exercises:
        survivors = exercise.mutation.survivors if exercise.mutation else ()
        for survivor, program in zip_longest(survivors, programs.get(exercise.id, ())):
            shown = [f"    {line}" for line in survivor.diff.splitlines()]
            shown += [f"    program: {program}"] if program else []
            found[exercise.id, survivor.number, survivor.what] = shown
    return found


def conclusion(validation: Validation, digits: int = 0) -> Iterator[Span]:
    """Return the verdict of a validation, and how long it took, with `digits` after the point."""
    seconds = f"{validation.seconds:.{digits}f} s"
    if validation.ok:
        return verdict("Proven.", f"Nothing is broken ({seconds}).", Look.GOOD)
    return verdict("Not proven.", f"{_open(validation.problems)} ({seconds}).", Look.BAD)


def _open(problems: Sequence[Problem]) -> str:
    """Say how many things are broken, and how many placeholders are left."""
    unwritten = sum(map(is_placeholder, problems))
    broken = len(problems) - unwritten
    parts = []
    if broken:
        parts.append("One thing is broken" if broken == 1 else f"{broken} things are broken")
    if unwritten:
        left = "placeholder is left" if unwritten == 1 else "placeholders are left"
        parts.append(f"{'one' if unwritten == 1 else unwritten} {left}")
    said = ", and ".join(parts)
    return said[:1].upper() + said[1:]


def _summary(mutation: Mutation) -> str:
    """Return what became of the mutants, in one sentence."""
    late = f" ({mutation.timed_out} of them by not ending in time)" if mutation.timed_out else ""
    surviving = len(mutation.survivors)
    return (
        f"{mutation.tried} of {mutation.mutants} {'mutant' if mutation.mutants == 1 else 'mutants'} tried: "
        f"{mutation.failing} {'fails' if mutation.failing == 1 else 'fail'} a test{late}, "
        f"{mutation.equivalent} {'is' if mutation.equivalent == 1 else 'are'} listed as equivalent, "
        f"{surviving} {'survives' if surviving == 1 else 'survive'}."
    )


def _matrix(whole: Matrix, function: str, page: Screen) -> Iterator[str]:
    """Yield the matrix of one function: one row per mistake, one column per test, then the titles."""
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
