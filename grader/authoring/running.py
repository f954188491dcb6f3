"""Judge the starter, the solution, the mistakes and the mutants of an exercise."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing

from msgspec.structs import replace

from grader.authoring.known_runs import KnownRuns, run_key
from grader.authoring.material import ExerciseFiles, digests
from grader.authoring.mutants import Mutant, judged_functions
from grader.authoring.mutation_proof import MutantRun, mutant_run
from grader.authoring.proof import Runs, trusted_tests
from grader.content.course import Course
from grader.content.exercise import Mistake
from grader.errors import CourseError
from grader.judge.client.judge import default_seed
from grader.judge.client.pool import JudgePool, Task
from grader.judge.jobs import EVERYTHING, LIMITS, Limits, Scope
from grader.judge.report import Outcome, Report
from grader.judge.submission import Submission
from grader.judge.verdict import results_of
from grader.judge.wire.messages import Cell

SECOND_SEED = 1  # for mistakes, besides the exercise's own seed
MAX_JUDGES = 4
ANEW = Scope(anew=True)  # a flaky test shows only if it runs
MUTANT_LIMITS = Limits(load=20.0, statement=10.0, call=5.0, test=20.0, submission=60.0)  # many loop forever

Tell = Callable[[str, int, int], None]  # the exercise, the number of finished runs, and of all runs


def judge_pool() -> JudgePool:
    """Return a pool of judges that share their imports."""
    return JudgePool(min(os.cpu_count() or 1, MAX_JUDGES), forked=True)


def run_all(
    judges: JudgePool,
    course: Course,
    files: ExerciseFiles,
    seeds: int,
    tell: Tell,
    mutants: Sequence[Mutant] = (),
    known: KnownRuns | None = None,
) -> Runs:
    """Judge the starter once, the solution with each seed, each mistake with two, and each mutant once.

    What is `known` does not run again.

    Every test runs on the solution, for each seed. A mistake is judged by the tests of its own
    function, and with the first seed by all tests if it could change other functions. If only one
    test fails it, a draw may hide it: then its tests run with the other seeds, too, until one fails.
    Mutants are only run if the solution passes every test. Raises ContentError if the tests cannot
    be run, EnvironmentProblem if the judge cannot.
    """
    exercise = files.exercise
    known = known or KnownRuns()
    own = known.seeds.setdefault(exercise.id, default_seed(course, exercise.id))
    drawn = [own, *(seed for seed in range(1, seeds + 1) if seed != own)][:seeds]
    mistakes = [m for m in exercise.mistakes if files.mistakes[m.id].definitions]
    solution = Cell("solution.py", files.solution.source)
    starter = Cell("starter.py", files.starter.source)
    times: Counter[str] = Counter()
    further = [seed for seed in drawn if seed not in (own, SECOND_SEED)]
    done, total = 0, 1 + 2 * len(mistakes) + seeds + 1 + len(mutants)

    def step() -> None:
        nonlocal done
        done += 1
        tell(exercise.id, done, total)

    def task(cells: tuple[Cell, ...], seed: int, scope: Scope = EVERYTHING) -> Task:
        told = replace(scope, test_errors=True)
        return Task(exercise.id, Submission(cells[-1].label, cells), seed, told)

    def key_of(task: Task) -> str:
        key = run_key(exercise, files.digests, task)
        times[key] += 1  # a flaky test shows only if the same task runs again
        return f"{key} {times[key]}"

    def run(tasks: Sequence[Task], limits: Limits = LIMITS) -> list[Report]:
        nonlocal total
        keys = [*map(key_of, tasks)]
        reports = {index: report for index, key in enumerate(keys) if (report := known.recall(key))}
        total -= len(reports)
        missing = [index for index in range(len(tasks)) if index not in reports]
        with closing(judges.check_all(course, [tasks[i] for i in missing], limits=limits)) as outcomes:
            for number, outcome in outcomes:
                if isinstance(outcome, CourseError):
                    raise outcome
                index = missing[number]
                reports[index] = outcome
                if digests(files.directory) == files.digests:  # else the judge may have read other files
                    known.keep(keys[index], outcome)
                step()
        return [reports[index] for index in range(len(tasks))]

    def cells_of(mistake: Mistake) -> tuple[Cell, ...]:
        return solution, Cell(mistake.file, files.mistakes[mistake.id].source)

    def pair(mistake: Mistake, anew: bool) -> list[Task]:
        just_it = Scope((mistake.function,), anew=anew)
        alone = files.mistakes[mistake.id].changes_only(mistake.function, files.solution)
        first = just_it if alone else Scope(anew=anew)
        return [task(cells_of(mistake), own, first), task(cells_of(mistake), SECOND_SEED, just_it)]

    def each_further(mistake: Mistake) -> list[Task]:
        scope = Scope((mistake.function,), until_failure=True)
        return [task(cells_of(mistake), seed, scope) for seed in further]

    tell(exercise.id, done, total)
    solved = run([task((solution,), own, ANEW)])
    if not trusted_tests(solved):
        return Runs(solution=tuple(solved))
    wrong = [each for mistake in mistakes for each in pair(mistake, anew=False)]
    rest = [task((solution,), seed, ANEW) for seed in (*drawn[1:], own)]
    first, *others = run([task((starter,), own, ANEW), *wrong, *rest])
    judged = {mistake.id: tuple(others[2 * i : 2 * i + 2]) for i, mistake in enumerate(mistakes)}
    # does the difference come from the seed or from chance? Running the same two again shows it
    unsure = [mistake for mistake in mistakes if _differ(mistake, *judged[mistake.id])]
    total += 2 * len(unsure)
    again = run([each for mistake in unsure for each in pair(mistake, anew=True)])
    for i, mistake in enumerate(unsure):
        judged[mistake.id] += tuple(again[2 * i : 2 * i + 2])
    solved += others[len(wrong) :]
    close = [mistake for mistake in mistakes if _hangs_by_one(mistake, judged[mistake.id])]
    count = len(further)
    total += count * len(close)
    found = run([each for mistake in close for each in each_further(mistake)])
    draws = {m.id: tuple(found[count * i : count * (i + 1)]) for i, m in enumerate(close)}
    mutant_runs: list[MutantRun] = []
    if all(report.passed for report in solved):
        names = [function.name for function in exercise.functions]
        tasks = [
            task(
                (Cell("solution.py", mutant.source),),
                own,
                Scope(judged_functions(solution.source, mutant.function, names), until_failure=True),
            )
            for mutant in mutants
        ]
        reports = run(tasks, MUTANT_LIMITS)
        mutant_runs = [mutant_run(*pair) for pair in zip(mutants, reports, strict=True)]
    return Runs(
        starter=first, solution=tuple(solved), mistakes=judged, draws=draws, mutants=tuple(mutant_runs)
    )


def _hangs_by_one(mistake: Mistake, reports: Sequence[Report]) -> bool:
    """Return True if a run of a mistake fails at most one test of its own."""

    def failed(report: Report) -> int:
        return sum(test.outcome is not Outcome.PASSED for test in results_of(report, mistake.function))

    return min(map(failed, reports)) <= 1


def _differ(mistake: Mistake, one: Report, two: Report) -> bool:
    """Return True if the outcomes of a mistake's own tests differ."""

    def outcomes(report: Report) -> list[str]:
        return [test.outcome for test in results_of(report, mistake.function)]

    return outcomes(one) != outcomes(two)
