"""The words that clients send to a resident judge server, each on a connection of its own.

A client sends `JUDGE`, followed by the path of a scratch directory, with three descriptors for
stdin, stdout and stderr. The answer is the process id of a judge, with a pidfd. The answer to
`STATUS` is a `Status` as JSON. `STOP` is echoed, and then the server ends.
"""

from __future__ import annotations

from msgspec import Struct

JUDGE, STATUS, STOP = b"J", b"?", b"X"
MAX_WORD = 4096  # bytes


class Status(Struct, frozen=True):
    """What a resident judge server tells about itself."""

    pid: int
    course: str  # the course directory
    seconds: float  # since the last request
    idle_seconds: float  # after which it ends
