"""What tests and workers have said to each other, up to an end.

A test is a function of what it is told: its own numbers come from its seed, and
it sees nothing of a submission but answers. So on the very same answers it ends
as before, and need not be run. In a class most programs do the same in most
tests, and the judge then compares hashes instead of building, running and
training models.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from msgspec import Struct

from grader.judge.models import ModelRefused, read_spec
from grader.judge.recognition.behavior import Observed
from grader.judge.report import Outcome
from grader.judge.server.session import SentMessage, Session
from grader.judge.wire import messages as m
from grader.judge.wire.values import Blueprint, Dict, List, Tuple, Value, WireError

MAX_BYTES = 50_000_000
MAX_ONE = 1_000_000  # bytes of what one test has said and heard
_BLUEPRINT = Blueprint.__name__.encode()  # its tag on the wire


class End(Struct, frozen=True):
    """How a test has ended, and what the learner's function did in it."""

    outcome: Outcome
    message: str
    calls: tuple[Observed, ...]


class Transcripts:
    """Remembers for as long as a judge is warm; what has been said so far leads to what comes next."""

    def __init__(self) -> None:
        self._next: dict[bytes, SentMessage | End] = {}
        self._bytes = 0

    def recall(self, session: Session, test: str) -> End | None:
        """Say to a worker what this test has said before; return how it ends if the answers are known.

        If they are not, the test must be run, and is told what its worker has
        answered here. `test` tells one test of one version with one seed from
        all others. One whose fixtures have called the submission is not known.
        """
        if session.has_begun:
            return None
        dialogue = _Dialogue(test)
        while (found := self._next.get(dialogue.state)) is not None:
            if isinstance(found, End):
                return found
            answer = session.rehearse(found)
            if answer is None:
                return None
            dialogue.hear(answer)
        return None

    def keep(self, session: Session, test: str, end: End) -> None:
        """Remember how a test has just ended, if that follows from the answers."""
        exchanged = session.exchanged
        size = sum(len(message.frame) + len(answer) for message, answer in exchanged)
        if not exchanged or size > MAX_ONE:
            return
        dialogue = _Dialogue(test)
        states = [dialogue.state]
        for _, answer in exchanged:
            dialogue.hear(answer)
            states.append(dialogue.state)
        if states[-1] in self._next or any(_is_an_error(answer) for _, answer in exchanged):
            return
        if self._bytes > MAX_BYTES:
            self._next.clear()
            self._bytes = 0
        for state, (message, _) in zip(states, exchanged, strict=False):
            if self._next.setdefault(state, message) != message:
                return  # it does not say the same each time: this test cannot be foretold
        self._next[states[-1]] = end
        self._bytes += size


class _Dialogue:
    """What a test has heard so far, reduced to what it can make of it."""

    def __init__(self, test: str) -> None:
        self.state = _hash(test.encode())
        self._optimizers: dict[int, int] = {}

    def hear(self, answer: bytes) -> None:
        self.state = _hash(self.state + self._reduced(answer))

    def _reduced(self, answer: bytes) -> bytes:
        if _BLUEPRINT not in answer:
            return answer
        try:
            message = m.parse_from_worker(answer)
        except WireError:
            return answer
        if isinstance(message, m.Returned):
            parts: Any = (self._plain(message.value), message.changed, message.printed)
        elif isinstance(message, m.Callback):
            named = {name: self._plain(value) for name, value in message.kwargs.items()}
            parts = (message.id, [*map(self._plain, message.args)], named)
        else:
            return answer
        return msgspec.msgpack.encode((type(message).__name__, parts), order="deterministic")

    def _plain(self, value: Value) -> Any:
        """Return a value with its models as what the judge rebuilds: layers have no names there.

        Of the numbers of optimizers only which are equal counts.
        """
        if isinstance(value, List | Tuple):
            return type(value).__name__, [*map(self._plain, value.items)]
        if isinstance(value, Dict):
            return "Dict", [*map(self._plain, value.keys)], [*map(self._plain, value.values)]
        if isinstance(value, Blueprint):
            try:
                spec = read_spec(value)
            except ModelRefused:
                return value
            optimizer = value.optimizer
            if optimizer is not None:
                optimizer = self._optimizers.setdefault(optimizer, len(self._optimizers))
            return "model", spec, value.weights, optimizer
        return value


def _is_an_error(answer: bytes) -> bool:
    """True for errors: how much of one counts is a matter of the submission's own lines."""
    return isinstance(m.parse_from_worker(answer), m.Raised)


def _hash(said: bytes) -> bytes:
    return hashlib.blake2b(said, digest_size=20).digest()
