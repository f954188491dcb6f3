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
AskOnce = Callable[[Callable[[Judge], T]], T]  # asks a judge that is alive


class JudgeSlot:
    """A judge for one submission after another. Callable from several threads."""

    def __init__(self, find: Callable[[], JudgeSource | None] = lambda: None) -> None:
        """`find` returns what starts the next judge, or None for a judge that starts alone. It may wait."""
        self._find = find
        self._judge: Judge | None = None
        self._lock = threading.Lock()
        self._ended = False
        self._newest = 0  # number of the last call of `newest`

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

    def newest(self, work: Callable[[AskOnce[T]], T]) -> T:
        """Do work that asks the judge with the function it is given.

        An earlier such call that has no result yet raises Cancelled.
        """
        with self._lock:
            self._newest += 1
            number = self._newest

        def ask_if_newest(ask: Callable[[Judge], T]) -> T:
            if number != self._newest:  # or asking again would cancel a later call
                raise Cancelled
            return self.ask_once(ask)

        return work(ask_if_newest)

    def within(self, seconds: float, work: Callable[[AskOnce[T]], T]) -> T:
        """Do work that asks the judge with the function it is given.

        Raises EnvironmentProblem if that takes longer than `seconds`.
        """
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self.close()

        def ask_in_time(ask: Callable[[Judge], T]) -> T:
            if late.is_set():
                raise Cancelled
            return self.ask_once(ask)

        timer = threading.Timer(seconds, give_up)
        try:
            timer.start()
            return work(ask_in_time)
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
