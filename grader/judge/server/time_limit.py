"""A time limit for computations of the judge itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LEAST_SECONDS = 5.0


class TimeLimitExceeded(BaseException):
    """The time limit has passed. Not an Exception, so that no test and no library catches it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitExceeded in the block after `seconds`, or after LEAST_SECONDS if that is longer.

    The limit is needed because even a small model can take hours to train. It has no
    effect outside the main thread or without interval timers (Windows).
    """

    def expire(*_: object) -> None:
        raise TimeLimitExceeded

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, LEAST_SECONDS))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
