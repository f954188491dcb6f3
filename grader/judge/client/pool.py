"""A few judges that stay warm for many submissions; one that dies or hangs is replaced."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from msgspec import Struct

from grader.content.course import Course
from grader.content.problem import ContentError
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.client.fork_server import ForkServer, fork_server_if_possible
from grader.judge.client.judge import Cancelled, Judge
from grader.judge.client.launch import JudgeSource
from grader.judge.jobs import EVERYTHING, LIMITS, CellsRun, Limits, OnCells, Scope
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
Outcomes = Generator[tuple[int, Report | CourseError], None, None]


class JudgePool:
    """Up to `size` judge processes, started when they are first needed.

    A judge that dies is replaced, and its submission is judged once more. A submission that
    kills two judges raises EnvironmentProblem, and no other submission is affected.
    """

    def __init__(self, size: int = 1, *, forked: bool = False) -> None:
        """With `forked`, a fork server starts the judges where that is possible and there are several."""
        self._size, self._forked = size, forked
        self._lock = threading.Lock()
        self._ended = False
        self._slots: list[_Slot] = []
        self._idle: queue.LifoQueue[_Slot] = queue.LifoQueue()
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

        Raises ContentError if the exercise is broken; EnvironmentProblem if no judge can start,
        if two judges die, or if there is no verdict within `patience` seconds; Cancelled if the
        pool is closed meanwhile.
        """
        return self._on_a_judge(course, task, patience, _asking_to_check(course, task, limits, on_cells))

    def run_cells(
        self, course: Course, task: Task, limits: Limits = LIMITS, patience: float = PATIENCE
    ) -> CellsRun:
        """Run the cells of a submission without any test; otherwise like `check`.

        The exercise of the task names the libraries to import, or is "".
        """

        def ask(judge: Judge) -> CellsRun:
            return judge.run_cells(course, task.exercise, task.submission, task.seed, limits)

        return self._on_a_judge(course, task, patience, ask)

    def _on_a_judge(self, course: Course, task: Task, patience: float, ask: Callable[[Judge], T]) -> T:
        slot = self._take(course, task.exercise)
        try:
            return slot.ask(ask, patience)
        finally:
            self._idle.put(slot)

    def check_newest(self, course: Course, task: Task) -> Report:
        """Judge one submission at once, on one judge for all such calls.

        An earlier call that has no verdict yet raises Cancelled. Raises as `check` does.
        """
        with self._lock:
            if not self._slots:
                self._new_slot(course, task.exercise)
        return self._slots[0].ask_once(_asking_to_check(course, task))

    def check_all(
        self, course: Course, tasks: Sequence[Task], patience: float = PATIENCE, limits: Limits = LIMITS
    ) -> Outcomes:
        """Yield the index and the outcome of each task, in the order in which they finish.

        A CourseError is the outcome of a task that has no verdict; any other exception is raised.
        Close the generator to stop all work: what is being judged ends at once.
        """
        waiting = deque(enumerate(tasks))
        outcomes: queue.SimpleQueue[tuple[int, Report | BaseException]] = queue.SimpleQueue()

        def work() -> None:
            while True:
                try:
                    index, task = waiting.popleft()
                except IndexError:
                    return
                try:
                    outcomes.put((index, self.check(course, task, limits, patience=patience)))
                except BaseException as error:  # whatever it is, the caller must hear of it
                    outcomes.put((index, error))

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

    def _take(self, course: Course, exercise: str) -> _Slot:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        with self._lock:
            if len(self._slots) < self._size:
                return self._new_slot(course, exercise)
        return self._idle.get()

    def _new_slot(self, course: Course, exercise: str) -> _Slot:
        if self._ended:
            raise Cancelled
        if self._forked and self._size > 1 and self._fork_server is None:
            self._fork_server = fork_server_if_possible(course, exercise)
        slot = _Slot(self._fork_server)
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


def _asking_to_check(
    course: Course, task: Task, limits: Limits = LIMITS, on_cells: OnCells = lambda cells: None
) -> Callable[[Judge], Report]:
    """Return a function that asks a judge for the report on a task."""
    return lambda judge: judge.check(
        course,
        task.exercise,
        task.submission,
        task.seed,
        limits=limits,
        on_cells=on_cells,
        scope=task.scope,
    )


class _Slot:
    """The place of one judge in a pool."""

    def __init__(self, source: JudgeSource | None) -> None:
        self._source = source
        self._judge: Judge | None = None
        self._lock = threading.Lock()
        self._ended = False

    def ask(self, ask: Callable[[Judge], T], patience: float) -> T:
        """Ask the judge; if it dies, ask a new one once more. Raises as `JudgePool.check` does."""
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._close()

        timer = threading.Timer(patience, give_up)
        try:
            timer.start()
            try:
                return self.ask_once(ask)
            except EnvironmentProblem:
                if late.is_set():
                    raise
                return self.ask_once(ask)
        except BaseException:
            if late.is_set():
                raise EnvironmentProblem(
                    f"the judge did not finish within {patience / 60:.0f} minutes — grade again with --resume"
                ) from None
            raise
        finally:
            timer.cancel()

    def ask_once(self, ask: Callable[[Judge], T]) -> T:
        try:
            return ask(self._started())
        except (Cancelled, ContentError):
            raise  # the judge itself is well
        except BaseException:  # also Ctrl-C: the judge's next events would be about another submission
            self._close()
            raise

    def _started(self) -> Judge:
        with self._lock:
            if self._ended:
                raise Cancelled
            if self._judge is None:
                try:
                    self._judge = Judge(self._source)
                except OSError as error:
                    raise EnvironmentProblem(
                        f"no judge can be started: {error.strerror} — check the free memory"
                    ) from None
            return self._judge

    def _close(self) -> None:
        """End the judge; the next check starts a new one."""
        with self._lock:
            judge, self._judge = self._judge, None
        if judge is not None:
            judge.close()

    def end(self) -> None:
        """End the judge for good; callable from another thread, whose check then raises Cancelled."""
        with self._lock:
            self._ended = True
        self._close()
