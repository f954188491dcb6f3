"""Runs an exercise's starter, solution and mistakes past a few warm judges."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import NamedTuple

from grader.authoring.material import ExerciseFiles
from grader.authoring.proof import Runs, trusted_tests
from grader.content.course import Course
from grader.judge.client.judge import Cancelled, Judge, default_seed
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

SECOND_SEED = 1  # that mistakes are judged with, besides the exercise's own
MAX_JUDGES = 4

Tell = Callable[[str, int, int], None]  # the exercise, how many runs are done, and of how many


class Ask(NamedTuple):
    """One run."""

    cells: tuple[Cell, ...]
    seed: int


class Judges:
    """Judge processes that stay warm, as many as there are processors to use at once."""

    def __init__(self) -> None:
        self._count = min(os.cpu_count() or 1, MAX_JUDGES)
        self._lock = threading.Lock()
        self._closed = False
        self._started: list[Judge] = []
        self._idle: queue.LifoQueue[Judge] = queue.LifoQueue()

    def __enter__(self) -> Judges:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def reports(
        self, course: Course, exercise_id: str, asks: Sequence[Ask], on_report: Callable[[], None]
    ) -> list[Report]:
        """Return the reports in the order of `asks`. Raises as `Judge.check` does; then no judge is left."""
        if self._closed:  # by an exercise that cannot be run; all its threads have ended
            self._closed = False
            self._started.clear()
            self._idle = queue.LifoQueue()
        with ThreadPoolExecutor(self._count) as pool:
            futures = [pool.submit(self._judge, course, exercise_id, ask) for ask in asks]
            try:
                for future in as_completed(futures):
                    future.result()
                    on_report()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._close()  # what runs ends at once
                raise
        return [future.result() for future in futures]

    def _judge(self, course: Course, exercise_id: str, ask: Ask) -> Report:
        judge = self._take()
        report = judge.check(course, exercise_id, Submission(ask.cells[-1].label, ask.cells), ask.seed)
        self._idle.put(judge)
        return report

    def _take(self) -> Judge:
        with self._lock:
            if self._closed:
                raise Cancelled
            try:
                return self._idle.get_nowait()
            except queue.Empty:
                self._started.append(Judge(anew=True))  # a test that is flaky shows only if it runs
                return self._started[-1]

    def _close(self) -> None:
        with self._lock:
            self._closed = True
        for judge in self._started:
            judge.close()


def run_all(judges: Judges, course: Course, files: ExerciseFiles, seeds: int, tell: Tell) -> Runs:
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

    def run(asks: Sequence[Ask]) -> list[Report]:
        return judges.reports(course, exercise.id, asks, step)

    tell(exercise.id, done, total)
    solved = run([Ask((solution,), own)])
    if not trusted_tests(solved):
        return Runs(solution=tuple(solved))
    both = {
        mistake.id: [
            Ask((solution, Cell(mistake.file, files.mistakes[mistake.id].source)), seed)
            for seed in (own, SECOND_SEED)
        ]
        for mistake in mistakes
    }
    asks = [ask for pair in both.values() for ask in pair]
    rest = [Ask((solution,), seed) for seed in (*drawn[1:], own)]
    first, *found = run([Ask((starter,), own), *asks, *rest])
    judged = {id_: tuple(found[2 * i : 2 * i + 2]) for i, id_ in enumerate(both)}
    # do seeds make the difference, or chance? The same two again show it
    unsure = [id_ for id_, (one, two) in judged.items() if _outcomes(one) != _outcomes(two)]
    total += 2 * len(unsure)
    again = run([ask for id_ in unsure for ask in both[id_]])
    for i, id_ in enumerate(unsure):
        judged[id_] += tuple(again[2 * i : 2 * i + 2])
    return Runs(starter=first, solution=(*solved, *found[len(asks) :]), mistakes=judged)


def _outcomes(report: Report) -> list[str]:
    return [test.outcome for test in report.tests]
