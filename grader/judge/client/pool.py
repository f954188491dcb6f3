"""A few judges that stay warm for many submissions; one that dies or hangs is replaced."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from grader.content.course import Course
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.client.blame import OnTest, check_surely, run_cells_surely
from grader.judge.client.company import Company
from grader.judge.client.fork_server import ForkServer, fork_server_if_possible
from grader.judge.client.judge import Cancelled
from grader.judge.client.slot import AskOnce, JudgeSlot
from grader.judge.jobs import EVERYTHING, LIMITS, CellsRun, Limits, MakeWhich, OnCells, Scope, limits_of
from grader.judge.own_questions import OwnQuestion
from grader.judge.report import Report
from grader.judge.submission import Submission

# seconds to wait for a judge; it has limits of its own, so only a judge that hangs takes this long
PATIENCE = 2 * LIMITS.submission + 300


class Task(Struct, frozen=True):
    """A submission to judge with a seed."""

    exercise: str
    submission: Submission
    seed: int
    scope: Scope = EVERYTHING


T = TypeVar("T")
Work = Callable[[], Report]
Outcomes = Generator[tuple[int, Report | CourseError], None, None]


class JudgePool:
    """Up to `size` judge processes, started when they are first needed.

    A judge that dies is replaced, and its submission is judged once more. A submission that
    kills two judges is to blame for it if the next judge is well. Otherwise, and if no judge
    can start, EnvironmentProblem is raised. No other submission is affected.

    If the machine's load may be the cause of a failure, the submission is judged again while
    no other one is.
    """

    def __init__(self, size: int = 1, *, forked: bool = False) -> None:
        """With `forked`, a fork server starts the judges where that is possible and there are several."""
        self._size, self._forked = size, forked
        self._lock = threading.Lock()
        self._ended = False
        self._company = Company()
        self._longer: dict[str, float] = {}
        self._slots: list[JudgeSlot] = []
        self._idle: queue.LifoQueue[JudgeSlot] = queue.LifoQueue()
        self._fork_server: ForkServer | None = None

    def __enter__(self) -> JudgePool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check(
        self,
        course: Course,
        task: Task,
        limits: Limits = LIMITS,
        on_cells: OnCells = lambda cells: None,
        patience: float = PATIENCE,
    ) -> Report:
        """Judge one submission; wait while all judges are busy. Callable from several threads.

        Raises ContentError if the exercise is broken; EnvironmentProblem if no judge works here,
        or if there is no verdict within `patience` seconds; Cancelled if the pool is closed
        meanwhile.
        """
        work = partial(self._check_once, course, task, limits, on_cells, patience)
        report = self._beside_others(work)
        return self._alone(work) if report is None else report

    def _check_once(
        self, course: Course, task: Task, limits: Limits, on_cells: OnCells, patience: float
    ) -> Report:
        def surely(ask_once: AskOnce[Report]) -> Report:
            return check_task(ask_once, course, task, limits, on_cells)

        return self._on_a_judge(course, task, patience, surely)

    def _beside_others(self, work: Work) -> Report | None:
        """Return a report, or None if the other checks may be the cause of a failure."""
        with self._company.beside_others() as had_company:
            try:
                report = work()
            except EnvironmentProblem:
                if had_company():
                    return None
                raise
            return None if report.disturbed and had_company() else replace(report, disturbed=False)

    def _alone(self, work: Work) -> Report:
        with self._company.alone():
            return replace(work(), disturbed=False)

    def run_cells(
        self, course: Course, task: Task, limits: Limits = LIMITS, patience: float = PATIENCE
    ) -> CellsRun:
        """Run the cells of a submission without any test; otherwise like `check`.

        The exercise of the task names the libraries to import, or is "".
        """

        def surely(ask_once: AskOnce[CellsRun]) -> CellsRun:
            def ask(other: Submission | None) -> CellsRun:
                submission = other or task.submission
                return ask_once(
                    lambda judge: judge.run_cells(course, task.exercise, submission, task.seed, limits)
                )

            return run_cells_surely(ask)

        return self._on_a_judge(course, task, patience, surely)

    def make_questions(
        self, course: Course, task: Task, functions: tuple[str, ...], which: MakeWhich = MakeWhich.SOME
    ) -> tuple[OwnQuestion, ...]:
        """Make questions about functions of a submission. Raises as `Judge.make_questions` does."""

        def work(ask_once: AskOnce[tuple[OwnQuestion, ...]]) -> tuple[OwnQuestion, ...]:
            return ask_once(
                lambda judge: judge.make_questions(
                    course, task.exercise, task.submission, task.seed, functions, which
                )
            )

        return self._on_a_judge(course, task, PATIENCE, work)

    def _on_a_judge(self, course: Course, task: Task, patience: float, work: Callable[[AskOnce[T]], T]) -> T:
        slot = self._take(course, task.exercise)
        try:
            return slot.within(patience + self._more_time(course, task.exercise), work)
        finally:
            self._idle.put(slot)

    def _more_time(self, course: Course, exercise: str) -> float:
        """Return the seconds of patience that an exercise needs because it has more time than usual."""
        if exercise not in self._longer:
            self._longer[exercise] = 0.0
            with suppress(CourseError):  # the judge tells what is wrong with the exercise
                limits = limits_of(course.exercise(exercise).limits)
                self._longer[exercise] = max(0.0, 2 * (limits.submission - LIMITS.submission))
        return self._longer[exercise]

    def check_all(
        self, course: Course, tasks: Sequence[Task], patience: float = PATIENCE, limits: Limits = LIMITS
    ) -> Outcomes:
        """Yield the index and the outcome of each task, in the order in which they finish.

        A CourseError is the outcome of a task that has no verdict; any other exception is raised.
        Close the generator to stop all work: what is being judged ends at once.
        """
        waiting, again = deque(enumerate(tasks)), deque[tuple[int, Task]]()
        outcomes: queue.SimpleQueue[tuple[int, Report | BaseException]] = queue.SimpleQueue()

        def judge_all(some: deque[tuple[int, Task]], judge: Callable[[Work], Report | None]) -> None:
            while True:
                try:
                    index, task = some.popleft()
                except IndexError:
                    return
                try:
                    report = judge(
                        partial(self._check_once, course, task, limits, lambda cells: None, patience)
                    )
                    if report is None:
                        again.append((index, task))
                    else:
                        outcomes.put((index, report))
                except BaseException as error:  # whatever it is, the caller must hear of it
                    outcomes.put((index, error))

        def work() -> None:
            judge_all(waiting, self._beside_others)
            judge_all(again, self._alone)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(min(self._size, len(tasks)))]
        for thread in threads:
            thread.start()
        finished = False
        try:
            for _ in tasks:
                index, outcome = outcomes.get()
                if not isinstance(outcome, Report | CourseError):
                    raise outcome
                yield index, outcome
            finished = True
        finally:
            waiting.clear()
            again.clear()
            if not finished:
                self._end_slots()
            for thread in threads:
                thread.join()
            if not finished:
                self._forget_slots()

    def close(self) -> None:
        """End all judges for good; checks that run in other threads raise Cancelled."""
        with self._lock:
            self._ended = True
        self._end_slots()
        with self._lock:
            fork_server, self._fork_server = self._fork_server, None
        if fork_server is not None:
            fork_server.close()

    @property
    def started(self) -> int:
        """The number of judges that were needed at once so far."""
        return len(self._slots)

    def _take(self, course: Course, exercise: str) -> JudgeSlot:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        with self._lock:
            if len(self._slots) < self._size:
                return self._new_slot(course, exercise)
        return self._idle.get()

    def _new_slot(self, course: Course, exercise: str) -> JudgeSlot:
        if self._ended:
            raise Cancelled
        if self._forked and self._size > 1 and self._fork_server is None:
            self._fork_server = fork_server_if_possible(course, exercise)
        fork_server = self._fork_server
        slot = JudgeSlot(lambda: fork_server)
        self._slots.append(slot)
        return slot

    def _end_slots(self) -> None:
        for slot in list(self._slots):  # not in threads: none can start while the interpreter exits
            slot.end()

    def _forget_slots(self) -> None:
        """Have later checks begin with fresh judges."""
        with self._lock:
            self._slots.clear()
            self._idle = queue.LifoQueue()


def check_task(
    ask_once: AskOnce[Report],
    course: Course,
    task: Task,
    limits: Limits = LIMITS,
    on_cells: OnCells = lambda cells: None,
) -> Report:
    """Return the report on a task. `ask_once` asks a judge that is alive."""

    def ask(other: Submission | None, on_test: OnTest) -> Report:
        submission, show = (task.submission, on_cells) if other is None else (other, lambda cells: None)
        return ask_once(
            lambda judge: judge.check(
                course,
                task.exercise,
                submission,
                task.seed,
                on_test=on_test,
                limits=limits,
                on_cells=show,
                scope=task.scope,
            )
        )

    return check_surely(ask, course, task.exercise)
