"""A limit for what the judge itself computes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LEAST_SECONDS = 5.0


class TimeLimitExceeded(BaseException):
    """The time is over. Not an Exception: no test and no library may catch it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitExceeded in the block after `seconds`, but not before LEAST_SECONDS.

    A learner's model may be small and yet take the judge hours to train.

    Does nothing outside the main thread, and where there are no timers (Windows).
    """

    def ring(*_: object) -> None:
        raise TimeLimitExceeded

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, LEAST_SECONDS))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
