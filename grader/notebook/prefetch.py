"""Judge a class's submissions before the command asks for them.

nbgrader converts one notebook after another. Meanwhile several judges check the notebooks that
come next, so that their verdicts are ready. A verdict is used only for exactly the code that was
judged; any other code is judged when it is asked for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b

import msgspec
from msgspec import Struct

from grader.content.course import Course
from grader.judge.client.pool import JudgePool, Task
from grader.judge.jobs import CellsRun, ShownCell
from grader.judge.report import Report

AHEAD = 16  # submissions that are judged, or about to be, before the command asks for them
MOST_JUDGES = 8  # nbgrader converts a few notebooks per second, so more judges would be idle
KEPT = 200  # verdicts kept for learners who submit the same code


class Checked(Struct, frozen=True):
    """The report on a notebook, and the outputs of its cells."""

    report: Report
    cells: tuple[ShownCell, ...]


class PrefetchingJudges:
    """Judges that are shared by all submissions of one command, and can work ahead of it."""

    def __init__(self) -> None:
        self._pool, self._size = JudgePool(), 1
        self._ahead: _Ahead | None = None

    def begin(self, course: Course, expected: Iterable[Task], most: int, judges: int) -> None:
        """Judge the expected tasks in the background, in their order, with up to `judges` judges.

        There are at most `most` of them. Earlier expectations are forgotten. An exception
        of the iterator ends the work ahead and is not reported.
        """
        if self._ahead is not None:
            self._ahead.stop()
            self._ahead = None
        judges = min(judges, most, MOST_JUDGES)
        if judges > self._size:  # else judges of an earlier command may still be warm
            self._pool.close()
            self._pool, self._size = JudgePool(judges, forked=True), judges
        if most > 1:
            self._ahead = _Ahead(self._pool, course, iter(expected), judges)

    def check(self, course: Course, task: Task) -> Checked:
        """Return the verdict on a task: a prefetched one, or else a new one. Raises as `JudgePool.check`."""
        prefetched = self._ahead.take(course, task) if self._ahead else None
        return prefetched or _check(self._pool, course, task)

    def run_cells(self, course: Course, task: Task) -> CellsRun:
        """Run cells without any test. Raises as `JudgePool.run_cells`."""
        return self._pool.run_cells(course, task)

    def close(self) -> None:
        """End all judges and the work ahead."""
        if self._ahead is not None:
            self._ahead.stop()
        self._pool.close()


def _check(pool: JudgePool, course: Course, task: Task) -> Checked:
    cells: list[ShownCell] = []

    def keep(shown: tuple[ShownCell, ...]) -> None:
        cells[:] = shown  # if a judge dies, the cells run once more

    report = pool.check(course, task, on_cells=keep)
    return Checked(report, tuple(cells))


class _Entry:
    """A task that was expected, and its outcome once it is `done`."""

    def __init__(self, task: Task, position: int) -> None:
        self.task: Task | None = task  # until it is done: its code may be long
        self.position = position
        self.done = threading.Event()
        self.outcome: Checked | BaseException | None = None


class _Ahead:
    """The threads that judge expected tasks, and the verdicts that they have reached."""

    def __init__(self, pool: JudgePool, course: Course, expected: Iterator[Task], judges: int) -> None:
        self._pool, self._course, self._expected = pool, course, expected
        self._changed = threading.Condition()
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._waiting: deque[_Entry] = deque()
        self._asked = 0  # the position up to which verdicts were asked for
        self._next = 1  # the position of the task that is read next
        self._read_all = False
        self._stopped = False
        for work in (self._read, *(self._judge,) * judges):
            threading.Thread(target=work, daemon=True).start()

    def take(self, course: Course, task: Task) -> Checked | None:
        """Wait for the verdict on an expected task, and return None for any other. Raises its error."""
        if course.root != self._course.root:
            return None
        key = _key(task)
        with self._changed:
            self._changed.wait_for(lambda: key in self._entries or self._read_all or not self._is_near)
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._asked = max(self._asked, entry.position)
            self._changed.notify_all()
        while not entry.done.wait(1.0):  # with a timeout, Ctrl-C is noticed on every platform
            pass
        if isinstance(entry.outcome, BaseException):
            with self._changed:  # the same code of another learner gets another try
                self._entries.pop(key, None)
            raise entry.outcome
        return entry.outcome

    def stop(self) -> None:
        """Begin no other task."""
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            self._changed.notify_all()

    def _read(self) -> None:
        """Read the expected tasks, a few ahead of the command."""
        with suppress(Exception):  # the command reads the same files, and reports what is wrong with them
            for position, task in enumerate(self._expected, start=1):
                if not self._expect(task, position):
                    break
        with self._changed:
            self._read_all = True
            self._changed.notify_all()

    @property
    def _is_near(self) -> bool:
        """True if the next task may be judged already."""
        return self._next <= self._asked + AHEAD

    def _expect(self, task: Task, position: int) -> bool:
        """Queue a task as soon as it is near enough. Return False if the work was stopped."""
        key = _key(task)
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._is_near)
            if key in self._entries:
                self._entries[key].position = position
            elif not self._stopped:
                self._entries[key] = _Entry(task, position)
                self._waiting.append(self._entries[key])
                if len(self._entries) > KEPT + AHEAD:
                    self._entries.popitem(last=False)
            self._next = position + 1
            self._changed.notify_all()
            return not self._stopped

    def _judge(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._waiting)
                if self._stopped:
                    return
                entry = self._waiting.popleft()
            assert entry.task is not None
            try:
                entry.outcome = _check(self._pool, self._course, entry.task)
            except BaseException as error:
                entry.outcome = error
            entry.task = None
            entry.done.set()


def _key(task: Task) -> bytes:
    """Return a hash of all that a verdict depends on. Notes on how files were read are not part of it."""
    submission = task.submission
    parts = (task.exercise, task.seed, submission.name, submission.cells, submission.files)
    return blake2b(msgspec.msgpack.encode(parts), digest_size=20).digest()
