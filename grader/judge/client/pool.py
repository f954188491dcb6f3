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
from grader.judge.client.blame import OnTest, check_surely, run_cells_surely
from grader.judge.client.fork_server import ForkServer, fork_server_if_possible
from grader.judge.client.judge import Cancelled, Judge
from grader.judge.client.launch import JudgeSource
from grader.judge.jobs import LIMITS, CellsRun, Limits, OnCells
from grader.judge.report import Report
from grader.judge.submission import Submission

# seconds to wait for a judge; it has limits of its own, so only a judge that hangs takes this long
PATIENCE = 2 * LIMITS.submission + 300


class Task(Struct, frozen=True):
    """A submission to judge with a seed."""

    exercise: str
    submission: Submission
    seed: int


T = TypeVar("T")
Outcomes = Generator[tuple[int, Report | CourseError], None, None]


class JudgePool:
    """Up to `size` judge processes, started when they are first needed.

    A judge that dies is replaced, and its submission is judged once more. A submission that
    kills two judges is to blame for it if the next judge is well. Otherwise, and if no judge
    can start, EnvironmentProblem is raised. No other submission is affected.
    """

    def __init__(self, size: int = 1, *, forked: bool = False, anew: bool = False) -> None:
        """With `forked`, a fork server starts the judges where that is possible and there are several.

        With `anew`, judges run every test, even one whose outcome is known.
        """
        self._size, self._forked, self._anew = size, forked, anew
        self._lock = threading.Lock()
        self._ended = False
        self._newest = 0  # calls of `check_newest` so far
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

        Raises ContentError if the exercise is broken; EnvironmentProblem if no judge works here,
        or if there is no verdict within `patience` seconds; Cancelled if the pool is closed
        meanwhile.
        """

        def surely(slot: _Slot) -> Report:
            return _check_surely(slot.ask_once, course, task, limits, on_cells)

        return self._on_a_judge(course, task, patience, surely)

    def run_cells(
        self, course: Course, task: Task, limits: Limits = LIMITS, patience: float = PATIENCE
    ) -> CellsRun:
        """Run the cells of a submission without any test; otherwise like `check`.

        The exercise of the task names the libraries to import, or is "".
        """

        def surely(slot: _Slot) -> CellsRun:
            def ask(other: Submission | None) -> CellsRun:
                submission = other or task.submission
                return slot.ask_once(
                    lambda judge: judge.run_cells(course, task.exercise, submission, task.seed, limits)
                )

            return run_cells_surely(ask)

        return self._on_a_judge(course, task, patience, surely)

    def _on_a_judge(self, course: Course, task: Task, patience: float, work: Callable[[_Slot], T]) -> T:
        slot = self._take(course, task.exercise)
        try:
            return slot.within(patience, work)
        finally:
            self._idle.put(slot)

    def check_newest(self, course: Course, task: Task) -> Report:
        """Judge one submission at once, on one judge for all such calls.

        An earlier call that has no verdict yet raises Cancelled. Raises as `check` does.
        """
        with self._lock:
            if not self._slots:
                self._new_slot(course, task.exercise)
            self._newest = number = self._newest + 1

        def ask_if_newest(ask: Callable[[Judge], Report]) -> Report:
            if self._newest != number:  # or asking again would cancel a later call
                raise Cancelled
            return self._slots[0].ask_once(ask)

        return _check_surely(ask_if_newest, course, task)

    def check_all(self, course: Course, tasks: Sequence[Task], patience: float = PATIENCE) -> Outcomes:
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
                    outcomes.put((index, self.check(course, task, patience=patience)))
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
        slot = _Slot(self._fork_server, self._anew)
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


def _check_surely(
    ask_once: Callable[[Callable[[Judge], Report]], Report],
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
            )
        )

    return check_surely(ask, course, task.exercise)


class _Slot:
    """The place of one judge in a pool."""

    def __init__(self, source: JudgeSource | None, anew: bool) -> None:
        self._source, self._anew = source, anew
        self._judge: Judge | None = None
        self._lock = threading.Lock()
        self._ended = False

    def within(self, patience: float, work: Callable[[_Slot], T]) -> T:
        """Do work with this slot's judge. Raises EnvironmentProblem after `patience` seconds."""
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._close()

        timer = threading.Timer(patience, give_up)
        try:
            timer.start()
            return work(self)
        except BaseException:
            if late.is_set():
                raise EnvironmentProblem(
                    f"the judge did not finish within {patience / 60:.0f} minutes — grade again with --resume"
                ) from None
            raise
        finally:
            timer.cancel()

    def ask_once(self, ask: Callable[[Judge], T]) -> T:
        """Ask the judge, and start one first if there is none. One that fails is ended."""
        judge = self._started()
        try:
            return ask(judge)
        except (Cancelled, ContentError):
            raise  # the judge itself is well
        except BaseException:  # also Ctrl-C: the judge's next events would be about another submission
            self._close(judge)
            raise

    def _started(self) -> Judge:
        with self._lock:
            if self._ended:
                raise Cancelled
            if self._judge is None:
                try:
                    self._judge = Judge(self._source, self._anew)
                except OSError as error:
                    raise EnvironmentProblem(
                        f"no judge can be started: {error.strerror} — check the free memory"
                    ) from None
            return self._judge

    def _close(self, only: Judge | None = None) -> None:
        """End the judge; the next check starts a new one. If `only` has been replaced, do nothing."""
        with self._lock:
            judge = self._judge if only in (None, self._judge) else None
            if judge is not None:
                self._judge = None
        if judge is not None:
            judge.close()

    def end(self) -> None:
        """End the judge for good; callable from another thread, whose check then raises Cancelled."""
        with self._lock:
            self._ended = True
        self._close()
