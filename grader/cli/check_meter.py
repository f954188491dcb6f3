"""The status line of a check that takes long: the tests that have run, and the time left."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from grader.cli.common import StatusLine
from grader.judge.report import Outcome, TestResult

if TYPE_CHECKING:
    from grader.progress.attempt import Attempt

SILENT_SECONDS = 2.0  # a check that is over by then shows no progress
_DRAW_SECONDS = 0.2


class Progress(Struct, frozen=True):
    """How far a check is. `total` is the number of tests, or None before they are collected."""

    total: int | None = None
    done: int = 0
    failed: tuple[str, ...] = ()  # functions

    def after(self, result: TestResult) -> Progress:
        """Return the progress after one more test."""
        is_new = result.outcome is not Outcome.PASSED and result.function not in self.failed
        failed = (*self.failed, result.function) if is_new else self.failed
        return replace(self, done=self.done + 1, failed=failed)

    def line(self, seconds: float, last: float | None) -> str:
        """Return the status line after `seconds`, if the last check took `last` seconds."""
        left = 0 if last is None else round(last - seconds)
        ending = f", about {left} s left …" if left > 0 else " …"
        if not self.done:
            return f"Loading your code{ending}"
        told = f" Failed so far: {', '.join(self.failed)}" if self.failed else ""
        return f"{self.done} of {self.total} tests{ending}{told}"


def seconds_of_last_check(attempts: Iterable[Attempt], exercise_id: str) -> float | None:
    """Return how long the last check of an exercise took, or None if that is not known."""
    seconds = [each.seconds for each in attempts if each.kind == "check" and each.item == exercise_id]
    return seconds[-1] if seconds else None


class CheckMeter:
    """Shows the progress of one check on stderr, if that is a terminal and the check takes long."""

    def __init__(self, exercise_id: str, wanted: bool = True) -> None:
        self._exercise_id = exercise_id
        self._status = StatusLine(wanted)
        self._progress = Progress()
        self._over = threading.Event()
        self._drawing = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> CheckMeter:
        if self._status.shown:
            self._drawing.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._status.shown:
            self._drawing.join()
            self._status.say("")

    def begin(self, total: int) -> None:
        """Note the number of tests. A check that begins again has no results yet."""
        self._progress = Progress(total)

    def step(self, result: TestResult) -> None:
        """Note the result of a test."""
        self._progress = self._progress.after(result)

    def _draw(self) -> None:
        started = time.monotonic()
        if self._over.wait(SILENT_SECONDS):
            return
        last = self._seconds_of_last_check()
        shown = ""
        while True:
            line = self._progress.line(time.monotonic() - started, last)
            if line != shown:
                shown = line
                self._status.say(line)
            if self._over.wait(_DRAW_SECONDS):
                return

    def _seconds_of_last_check(self) -> float | None:
        """Ask the log, through a connection of this thread's own."""
        from grader.errors import CourseError
        from grader.progress.log import AttemptLog
        from grader.progress.place import log_path

        with contextlib.suppress(CourseError), contextlib.closing(AttemptLog(log_path(os.environ))) as log:
            return seconds_of_last_check(log.attempts(), self._exercise_id)
        return None
