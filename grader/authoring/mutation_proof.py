"""Conclusions about an exercise from its mutants. All functions are pure; nothing runs here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from grader.authoring.material import ExerciseFiles
from grader.authoring.mutants import Mutant, changed_lines, definition_of
from grader.content.equivalents import FILE, EquivalentMutant
from grader.content.problem import Problem
from grader.judge.report import Outcome, Report


class MutantRun(Struct, frozen=True, kw_only=True):
    """A mutant, and the first test that it fails; "" if it passes all."""

    mutant: Mutant
    failed_test: str
    timed_out: bool  # the test failed because it did not end


class Mutation(Struct, frozen=True, kw_only=True):
    """The number of mutants of a solution, and what became of those that were tried.

    A survivor passes every test and is not listed as equivalent.
    """

    mutants: int
    tried: int
    failing: int
    timed_out: int  # those of the failing ones that did not end in time
    equivalent: int
    survivors: tuple[Survivor, ...]


class Survivor(Struct, frozen=True, kw_only=True):
    """A mutant that survived. `line` and its number are of the solution."""

    function: str
    line: str
    change: str
    number: int
    diff: str
    definition: str  # the changed function, helper or constant

    @property
    def what(self) -> str:
        """What is wrong with it, as in the problem about it."""
        return _survives(self.function, self.change)


def mutant_run(mutant: Mutant, report: Report) -> MutantRun:
    """Return what a report shows about a mutant."""
    harmless = (Outcome.PASSED, Outcome.JUDGE_BROKEN)
    first = next((test for test in report.tests if test.outcome not in harmless), None)
    return MutantRun(
        mutant=mutant,
        failed_test=first.id if first else "",
        timed_out=first is not None and first.outcome is Outcome.TIMED_OUT,
    )


def survivors(runs: Sequence[MutantRun], listed: Sequence[EquivalentMutant]) -> list[Mutant]:
    """Return the mutants that pass every test and are not listed as equivalent."""
    equivalent = {entry.id for entry in listed}
    return [run.mutant for run in runs if not run.failed_test and run.mutant.id not in equivalent]


def mutation(
    source: str, made: Sequence[Mutant], runs: Sequence[MutantRun], listed: Sequence[EquivalentMutant]
) -> Mutation:
    """Return the summary. `made` are all mutants of the solution `source`."""
    surviving = survivors(runs, listed)
    failing = sum(bool(run.failed_test) for run in runs)
    return Mutation(
        mutants=len(made),
        tried=len(runs),
        failing=failing,
        timed_out=sum(run.timed_out for run in runs),
        equivalent=len(runs) - failing - len(surviving),
        survivors=tuple(
            Survivor(
                function=mutant.function,
                line=mutant.line,
                change=mutant.change,
                number=mutant.number,
                diff=changed_lines(source, mutant),
                definition=definition_of(mutant.source, mutant.function),
            )
            for mutant in surviving
        ),
    )


def mutant_problems(
    files: ExerciseFiles,
    made: Sequence[Mutant],
    runs: Sequence[MutantRun],
    listed: Sequence[EquivalentMutant],
) -> Iterator[Problem]:
    """Yield a problem for each survivor, and for each entry that lists no survivor."""
    for mutant in survivors(runs, listed):
        yield Problem(
            files.solution.file,
            mutant.number,
            _survives(mutant.function, mutant.change),
            f"add a test that notices it, or list it in {FILE} with a reason",
        )
    known = {mutant.id for mutant in made}
    failed = {run.mutant.id: run.failed_test for run in runs if run.failed_test}
    for index, entry in enumerate(listed):
        if entry.id not in known:
            what = f"no mutant of {entry.function} has this line and this change: {entry.change}"
            todo = "delete the entry, or copy it again from `course validate --mutants all`"
            yield files.equivalent_problem(index, what, todo)
        elif entry.id in failed:
            what = f"it is not equivalent, because it fails {failed[entry.id]}: {entry.change}"
            yield files.equivalent_problem(index, what, "delete the entry")


def _survives(function: str, change: str) -> str:
    return f"{function} still passes every test after this change: {change}"
