"""Remember the messages between tests and workers, together with the ends of the tests.

A test depends only on the answers that it receives: its numbers come from its seed,
and it sees nothing else of a submission. On identical answers it therefore ends as
before and need not run. Most programs in a class behave alike in most tests, so the
judge often compares hashes instead of building, running and training models.
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

MAX_BYTES = 50_000_000  # bytes of all transcripts
MAX_ONE = 1_000_000  # bytes of one test's messages
_BLUEPRINT = Blueprint.__name__.encode()  # its tag on the wire
_NOT_EAGER = b"not_eager"  # the reason of an Opaque


class End(Struct, frozen=True):
    """The end of a test: its outcome and message, and the calls of the learner's functions."""

    outcome: Outcome
    message: str
    calls: tuple[Observed, ...]


class Transcripts:
    """A memory of transcripts, for the life of a judge. It maps each dialogue so far to its next step."""

    def __init__(self) -> None:
        self._next: dict[bytes, SentMessage | End] = {}
        self._bytes = 0

    def recall(self, session: Session, test: str) -> End | None:
        """Replay a test's messages to a worker. Return the end of the test if all answers are known.

        If an answer is new, return None: the test must run, and it receives the answers
        of this replay. `test` identifies a test, its version and its seed. Tests whose
        fixtures have already called the submission are not replayed.
        """
        if session.has_begun:
            return None
        dialogue = _Dialogue(test)
        while (step := self._next.get(dialogue.state)) is not None:
            if isinstance(step, End):
                return step
            answer = session.rehearse(step)
            if answer is None:
                return None
            dialogue.add(answer)
        return None

    def keep(self, session: Session, test: str, end: End) -> None:
        """Remember how a test has just ended, if the answers determine it."""
        exchanges = session.exchanges
        size = sum(len(message.frame) + len(answer) for message, answer in exchanges)
        if not exchanges or size > MAX_ONE:
            return
        dialogue = _Dialogue(test)
        states = [dialogue.state]
        for _, answer in exchanges:
            dialogue.add(answer)
            states.append(dialogue.state)
        if states[-1] in self._next or any(_names_lines(answer) for _, answer in exchanges):
            return
        if self._bytes > MAX_BYTES:
            self._next.clear()
            self._bytes = 0
        for state, (message, _) in zip(states, exchanges, strict=False):
            if self._next.setdefault(state, message) != message:
                return  # the test sends different messages each time, so its end is not predictable
        self._next[states[-1]] = end
        self._bytes += size


class _Dialogue:
    """A hash of the answers that a test has received, ignoring differences that it cannot see."""

    def __init__(self, test: str) -> None:
        self.state = _hash(test.encode())
        self._tokens: dict[int, int] = {}

    def add(self, answer: bytes) -> None:
        self.state = _hash(self.state + self._reduced(answer))

    def _reduced(self, answer: bytes) -> bytes:
        if _BLUEPRINT not in answer:
            return answer
        try:
            message = m.parse_from_worker(answer)
        except WireError:
            return answer
        if isinstance(message, m.Returned):
            parts: Any = (self._plain(message.value), message.changed, message.printed, message.warned)
        elif isinstance(message, m.Callback):
            named = {name: self._plain(value) for name, value in message.kwargs.items()}
            parts = (message.id, [*map(self._plain, message.args)], named)
        else:
            return answer
        return msgspec.msgpack.encode((type(message).__name__, parts), order="deterministic")

    def _plain(self, value: Value) -> Any:
        """Return a value with each model replaced by its Spec, in which layers have no names.

        Tokens are renumbered, because only their equality matters.
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
            optimizer = None if value.optimizer is None else self._number(value.optimizer)
            return "model", spec, value.weights, optimizer, value.steps, [*map(self._number, value.owners)]
        return value

    def _number(self, token: int) -> int:
        return self._tokens.setdefault(token, len(self._tokens))


def _names_lines(answer: bytes) -> bool:
    """Return True if the message on this answer may name lines of the submission, so it is not kept.

    This is so for errors, and for values that were made without eager execution.
    """
    return _NOT_EAGER in answer or isinstance(m.parse_from_worker(answer), m.Raised)


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=20).digest()
