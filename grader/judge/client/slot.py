"""The place of one judge: it starts when it is first needed, and one that dies is replaced."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from grader.content.problem import ContentError
from grader.errors import EnvironmentProblem
from grader.judge.client.judge import Cancelled, Judge
from grader.judge.client.launch import JudgeSource

T = TypeVar("T")


class JudgeSlot:
    """A judge for one submission after another. Callable from several threads."""

    def __init__(self, find: Callable[[], JudgeSource | None] = lambda: None) -> None:
        """`find` returns what starts the next judge, or None for a judge that starts alone. It may wait."""
        self._find = find
        self._judge: Judge | None = None
        self._lock = threading.Lock()
        self._ended = False
        self._newest = 0  # number of the last call of `ask_newest`

    def ask_once(self, ask: Callable[[Judge], T]) -> T:
        """Ask the judge. Raises EnvironmentProblem if it dies or none can start, Cancelled after `end`."""
        judge = self._started()
        try:
            return ask(judge)
        except (Cancelled, ContentError):
            raise  # the judge itself is well
        except BaseException:  # also Ctrl-C: the judge's next events would be about another submission
            self._discard(judge)
            raise

    def ask(self, ask: Callable[[Judge], T]) -> T:
        """Ask the judge; if it dies, ask a new one once more. Raises as `ask_once` does."""
        try:
            return self.ask_once(ask)
        except EnvironmentProblem:
            return self.ask_once(ask)

    def ask_newest(self, ask: Callable[[Judge], T]) -> T:
        """Ask like `ask`, but at once: an earlier such call that has no answer yet raises Cancelled."""
        with self._lock:
            self._newest += 1
            number = self._newest

        def ask_if_newest(judge: Judge) -> T:
            if number != self._newest:
                raise Cancelled
            return ask(judge)

        return self.ask(ask_if_newest)

    def ask_within(self, seconds: float, ask: Callable[[Judge], T]) -> T:
        """Ask like `ask`. Raises EnvironmentProblem also if there is no answer in time."""
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self.close()

        def ask_in_time(judge: Judge) -> T:
            if late.is_set():
                raise Cancelled
            return ask(judge)

        timer = threading.Timer(seconds, give_up)
        try:
            timer.start()
            return self.ask(ask_in_time)
        except BaseException:
            if late.is_set():
                raise EnvironmentProblem(
                    f"the judge did not finish within {seconds / 60:.0f} minutes — grade again with --resume"
                ) from None
            raise
        finally:
            timer.cancel()

    def begin_to_close(self) -> None:
        """Let the judge begin to end. `close` waits for that."""
        with self._lock:
            if self._judge is not None:
                self._judge.begin_to_close()

    def close(self) -> None:
        """End the judge; the next call starts a new one."""
        with self._lock:
            judge, self._judge = self._judge, None
        if judge is not None:
            judge.close()

    def end(self) -> None:
        """End the judge for good; callable from another thread, whose call then raises Cancelled."""
        with self._lock:
            self._ended = True
        self.close()

    def _started(self) -> Judge:
        source = self._find() if self._judge is None else None  # not locked: `end` must not wait for it
        with self._lock:
            if self._ended:
                raise Cancelled
            if self._judge is None:
                try:
                    self._judge = Judge(source)
                except OSError as error:
                    raise EnvironmentProblem(
                        f"no judge can be started: {error.strerror} — check the free memory"
                    ) from None
            return self._judge

    def _discard(self, judge: Judge) -> None:
        """End this judge, unless another thread has replaced it."""
        with self._lock:
            if self._judge is not judge:
                return
            self._judge = None
        judge.close()
