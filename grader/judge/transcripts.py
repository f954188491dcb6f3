"""What tests and workers have said to each other up to a pass.

A test is a function of what it is told: its own numbers come from its seed, and
it sees nothing of a submission but answers. So a test that passed on the very
same answers passes again, and need not be run. In a class most programs are
right in most things, and the judge then compares hashes instead of building,
running and training models.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from grader.judge import messages as m
from grader.judge.session import Said, Session

MAX_BYTES = 50_000_000


class Transcripts:
    """Remembers for as long as a judge is warm; what has been said so far leads to what is said next."""

    def __init__(self) -> None:
        self._next: dict[bytes, Said | None] = {}  # None: the test has passed
        self._bytes = 0

    def run(self, session: Session, test: str, body: Callable[[], None]) -> None:
        """Run the body of a test on a session, unless it would pass as it has passed before.

        `test` tells one test of one version with one seed from all others. One whose
        fixtures have called the submission is always run.
        """
        if session.has_begun:
            body()
        elif not self._passes(session, test):
            body()  # and it is told what its worker has answered already
            self._keep(session, test)

    def _passes(self, session: Session, test: str) -> bool:
        """Say to a worker what this test has said before; return whether it was answered as before a pass."""
        said_so_far = _hash(test.encode())
        while (message := self._next.get(said_so_far)) is not None:
            answer = session.rehearse(message)
            if answer is None:
                return False
            said_so_far = _hash(said_so_far + answer)
        return said_so_far in self._next

    def _keep(self, session: Session, test: str) -> None:
        """Remember a test that has just passed."""
        exchanged = session.exchanged
        if not exchanged or any(_is_an_error(answer) for _, answer in exchanged):
            return
        if self._bytes > MAX_BYTES:
            self._next.clear()
            self._bytes = 0
        said_so_far = _hash(test.encode())
        for message, answer in exchanged:
            if self._next.setdefault(said_so_far, message) != message:
                return  # it does not say the same each time: this test cannot be foretold
            said_so_far = _hash(said_so_far + answer)
        self._bytes += sum(len(message.frame) for message, _ in exchanged)
        self._next[said_so_far] = None


def _is_an_error(answer: bytes) -> bool:
    """True for errors: how much of one counts is a matter of the submission's own lines."""
    return isinstance(m.parse_from_worker(answer), m.Raised)


def _hash(said: bytes) -> bytes:
    return hashlib.blake2b(said, digest_size=20).digest()
