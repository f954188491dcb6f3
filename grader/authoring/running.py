"""Judge the starter, the solution and the mistakes of an exercise."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing

from grader.authoring.material import ExerciseFiles
from grader.authoring.proof import Runs, trusted_tests
from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.client.judge import default_seed
from grader.judge.client.pool import JudgePool, Task
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

SECOND_SEED = 1  # for mistakes, besides the exercise's own seed
MAX_JUDGES = 4

Tell = Callable[[str, int, int], None]  # the exercise, the number of finished runs, and of all runs


def judge_pool() -> JudgePool:
    """Return a pool of judges that run every test, because a flaky test shows only if it runs."""
    return JudgePool(min(os.cpu_count() or 1, MAX_JUDGES), anew=True)


def run_all(judges: JudgePool, course: Course, files: ExerciseFiles, seeds: int, tell: Tell) -> Runs:
    """Judge the starter once, the solution with each seed, each mistake with two.

    Raises ContentError if the tests cannot be run, EnvironmentProblem if the judge cannot.
    """
    exercise = files.exercise
    own = default_seed(course, exercise.id)
    drawn = [own, *(seed for seed in range(1, seeds + 1) if seed != own)][:seeds]
    mistakes = [m for m in exercise.mistakes if files.mistakes[m.id].definitions]
    solution = Cell("solution.py", files.solution.source)
    starter = Cell("starter.py", files.starter.source)
    done, total = 0, 1 + 2 * len(mistakes) + seeds + 1

    def step() -> None:
        nonlocal done
        done += 1
        tell(exercise.id, done, total)

    def task(cells: tuple[Cell, ...], seed: int) -> Task:
        return Task(exercise.id, Submission(cells[-1].label, cells), seed)

    def run(tasks: Sequence[Task]) -> list[Report]:
        reports: dict[int, Report] = {}
        with closing(judges.check_all(course, tasks)) as outcomes:
            for index, outcome in outcomes:
                if isinstance(outcome, CourseError):
                    raise outcome
                reports[index] = outcome
                step()
        return [reports[index] for index in range(len(tasks))]

    tell(exercise.id, done, total)
    solved = run([task((solution,), own)])
    if not trusted_tests(solved):
        return Runs(solution=tuple(solved))
    both = {
        mistake.id: [
            task((solution, Cell(mistake.file, files.mistakes[mistake.id].source)), seed)
            for seed in (own, SECOND_SEED)
        ]
        for mistake in mistakes
    }
    wrong = [each for pair in both.values() for each in pair]
    rest = [task((solution,), seed) for seed in (*drawn[1:], own)]
    first, *others = run([task((starter,), own), *wrong, *rest])
    judged = {id_: tuple(others[2 * i : 2 * i + 2]) for i, id_ in enumerate(both)}
    # does the difference come from the seed or from chance? Running the same two again shows it
    unsure = [id_ for id_, (one, two) in judged.items() if _outcomes(one) != _outcomes(two)]
    total += 2 * len(unsure)
    again = run([each for id_ in unsure for each in both[id_]])
    for i, id_ in enumerate(unsure):
        judged[id_] += tuple(again[2 * i : 2 * i + 2])
    return Runs(starter=first, solution=(*solved, *others[len(wrong) :]), mistakes=judged)


def _outcomes(report: Report) -> list[str]:
    return [test.outcome for test in report.tests]
