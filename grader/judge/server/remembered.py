"""The reference solution's session, which remembers on disk what the solution answered.

The tests of an exercise send the solution the same messages for every submission that
is judged with the same seed. So a check rarely needs a worker for the solution.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.judge.disk_cache import DiskCache, key_of
from grader.judge.server.session import SentMessage, Session
from grader.judge.wire import messages as m

MAX_ANSWER = 100_000  # bytes of one answer; models are larger and are not remembered
MAX_ANSWERS = 5_000_000  # bytes of all answers of one seed


class RememberedSession(Session):
    """A session with a trusted program, whose answers depend on nothing but the messages of a test.

    An answer is stored under a hash of the program, its seed, and all messages since the
    test began. At the first message without a stored answer, a worker gets the earlier
    ones too, so that it is where it would have been.
    """

    def __init__(self, *args: Any, cache: Path, surroundings: Sequence[str], **kwargs: Any) -> None:
        """Store the answers in `cache`, in a file for these `surroundings`: libraries and a seed."""
        super().__init__(*args, **kwargs)
        self._cache: DiskCache[dict[bytes, bytes]] = DiskCache(cache, dict[bytes, bytes])
        self._program = _hash(m.framed(self._load))
        self._key = key_of(self._program, *surroundings)
        self._answers: dict[bytes, bytes] | None = None  # read when the first test needs them
        self._known = 0
        self._reached = 0  # number of this test's messages that the worker has received
        self._state = self._program
        self._keeps = True

    @contextmanager
    def keeping_nothing(self) -> Iterator[None]:
        """Keep no answers to what is asked in the block: learner code may ask for anything."""
        self._keeps = False
        try:
            yield
        finally:
            self._keeps = True

    def new_test(self) -> None:
        super().new_test()
        self._reached, self._state = 0, self._program

    def close(self) -> None:
        """Release the worker, start no other, and keep new answers."""
        super().close()
        answers = dict(self._answers or {})  # a copy, because another thread may close the session
        if len(answers) > self._known and sum(map(len, answers.values())) <= MAX_ANSWERS:
            self._cache.keep(self._key, answers)
            self._known = len(answers)

    @property
    def _must_load(self) -> bool:
        return False  # `_exchange` loads if the answer is not known

    def _exchange(self, message: SentMessage) -> None:
        if self._answers is None:
            self._answers = self._cache.recall(self._key) or {}
            self._known = len(self._answers)
        self._state = _hash(self._state + message.frame)
        known = self._answers.get(self._state)
        if known is not None:
            self._sent.append(message)
            self._replies.append(known)
        elif self._catch_up(message):
            super()._exchange(message)
            self._reached = len(self._sent)
            answer = self._replies[-1]
            if self._keeps and isinstance(answer, bytes) and len(answer) <= MAX_ANSWER:
                self._answers[self._state] = answer

    def _catch_up(self, message: SentMessage) -> bool:
        """Bring the worker to where the test is. If the program cannot be loaded, that is the answer."""
        if self._worker is None:
            loaded = self.load()
            if isinstance(loaded, m.Raised):
                self.stop()
                self._sent.append(message)
                self._replies.append(m.framed(loaded)[4:])  # without its length
                return False
            self._reached = 0  # a new worker
        for earlier in self._sent[self._reached :]:
            assert self._worker is not None
            self._worker.pipe.send(earlier.frame)
            self._wait(time.monotonic(), self.limits.call)
        self._call_began = time.monotonic()
        return True


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=20).digest()
