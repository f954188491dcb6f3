"""What learner code prints, kept apart from the pipe and capped."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from typing import BinaryIO

from grader.judge.wire.messages import MAX_PRINTED


def take_over_stdio() -> tuple[BinaryIO, BinaryIO, Printed]:
    """Move the judge's pipe off stdin and stdout; return it (in, out) and what is printed from now on.

    Afterwards stdin is empty, and stdout and stderr of this process, C libraries
    included, go to a file that has no name.
    """
    pipe_in = os.fdopen(os.dup(0), "rb")
    pipe_out = os.fdopen(os.dup(1), "wb")
    store = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the process)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(store.fileno(), 1)
    # what C libraries write to stderr is TensorFlow's log; what Python writes there is the learner's
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.stderr = sys.stdout
    return pipe_in, pipe_out, Printed(store)


class Printed:
    """Everything written to stdout since the last look."""

    def __init__(self, store: BinaryIO) -> None:
        self._store = store

    def take(self, limit: int = MAX_PRINTED) -> str:
        """Return what was printed, its start and end if it is longer than `limit` bytes, and forget it."""
        with contextlib.suppress(Exception):  # learner code may have replaced or closed it
            sys.stdout.flush()
        size = os.fstat(self._store.fileno()).st_size
        half = limit // 2
        if size <= limit:
            raw = self._read(0, size)
        else:
            left_out = f"\n… {size - 2 * half:,} bytes left out …\n".encode()
            raw = self._read(0, half) + left_out + self._read(size - half, half)
        os.ftruncate(self._store.fileno(), 0)
        os.lseek(self._store.fileno(), 0, os.SEEK_SET)
        return raw.decode("utf-8", errors="replace")

    def _read(self, offset: int, size: int) -> bytes:
        os.lseek(self._store.fileno(), offset, os.SEEK_SET)
        return os.read(self._store.fileno(), size)
