"""The words that clients send to a resident judge server, each on a connection of its own.

A client sends `JUDGE`, followed by the path of a scratch directory, with three descriptors for
stdin, stdout and stderr. The answer is the process id of a judge, with a pidfd. The answer to
`STATUS` is a `Status` as JSON. `STOP` is echoed, and then the server ends.
"""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path

from msgspec import Struct

JUDGE, STATUS, STOP = b"J", b"?", b"X"
MAX_WORD = 4096  # bytes


class Status(Struct, frozen=True):
    """What a resident judge server tells about itself."""

    pid: int
    course: str  # the course directory
    seconds: float  # since a judge was last used
    idle_seconds: float  # after which it ends


def lock_of(path: Path) -> Path:
    """Return the file that a server keeps locked for as long as it lives, given its socket's path."""
    return path.with_suffix(".lock")


def is_of_this_user(connection: socket.socket) -> bool:
    """Return True if the process at the other end of a Unix socket belongs to this user."""
    size = struct.calcsize("3i")  # pid, uid and gid, as in unix(7)
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.getuid())
