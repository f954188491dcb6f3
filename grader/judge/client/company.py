"""Count the checks that run at once, and let one run alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Company:
    """The checks of a pool. Those that run beside others wait while one runs alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._begun = 0  # so far
        self._want_to_be_alone = 0

    @contextmanager
    def beside_others(self) -> Iterator[Callable[[], bool]]:
        """Run a check. The function says whether another one has run at the same time."""
        with self._changed:
            self._changed.wait_for(lambda: not self._want_to_be_alone)
            self._running += 1
            self._begun += 1
            others, begun = self._running > 1, self._begun
        try:
            yield lambda: others or self._begun > begun
        finally:
            self._leave()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Run a check when all others have ended, and let no other begin."""
        with self._changed:
            self._want_to_be_alone += 1
            self._changed.wait_for(lambda: not self._running)
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._want_to_be_alone -= 1
            self._leave()

    def _leave(self) -> None:
        with self._changed:
            self._running -= 1
            self._changed.notify_all()
