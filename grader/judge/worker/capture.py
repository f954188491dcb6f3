"""Capture what learner code prints, away from the judge's pipe and up to a limit."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

from grader.judge.wire.messages import MAX_FLOOD, MAX_PRINTED


class PrintedTooMuch(BaseException):
    """Learner code has printed more than MAX_FLOOD bytes. Not an Exception, so that it is not retried."""


def take_over_stdio() -> tuple[BinaryIO, BinaryIO, Printed]:
    """Move the judge's pipe away from stdin and stdout. Return its two ends and the captured output.

    After this call stdin is empty. Standard output, including that of C libraries,
    goes to an unnamed file, as does Python's sys.stderr.
    """
    pipe_in = os.fdopen(os.dup(0), "rb")
    pipe_out = os.fdopen(os.dup(1), "wb")
    store = tempfile.TemporaryFile()  # noqa: SIM115  (open for the life of the process)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(store.fileno(), 1)
    # C libraries write TensorFlow's log to stderr; Python writes the learner's output to sys.stderr
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    raw, plain = _BoundedOutput(1, "w", closefd=False), sys.stdout
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), encoding=plain.encoding, errors=plain.errors)
    sys.stderr = sys.__stdout__ = sys.__stderr__ = sys.stdout  # type: ignore[misc]
    return pipe_in, pipe_out, Printed(store, raw)


class _BoundedOutput(io.FileIO):
    """Standard output, below Python's buffer. A loop that prints without end is stopped soon.

    Without the limit, the code would go on until the file is as large as a file may be, in each
    call of each test, and the error would speak of a file that the learner does not know.
    """

    left = MAX_FLOOD

    def write(self, data: Any, /) -> int:
        size = memoryview(data).nbytes
        if size > self.left:
            self.left = MAX_FLOOD  # code may go on to print after the exception
            os.ftruncate(self.fileno(), min(os.fstat(self.fileno()).st_size, MAX_FLOOD))
            os.lseek(self.fileno(), 0, os.SEEK_END)
            raise PrintedTooMuch
        self.left -= size
        return super().write(data)


@contextlib.contextmanager
def noting_warnings() -> Iterator[set[str]]:
    """Note the built-in classes of the warnings that the block shows. They are still printed.

    Warnings that an earlier block has shown are shown again, so what is noted depends on this block only.
    """
    noted: set[str] = set()
    with warnings.catch_warnings():
        show = warnings.showwarning

        def note(message: Any, category: type[Warning], *where: Any, **more: Any) -> None:
            noted.update([each.__name__ for each in category.__mro__ if each.__module__ == "builtins"][:1])
            show(message, category, *where, **more)

        warnings.showwarning = note
        yield noted


class Printed:
    """The text written to stdout since the last `take`."""

    def __init__(self, store: BinaryIO, output: _BoundedOutput) -> None:
        self._store = store
        self._output = output

    def take(self, limit: int = MAX_PRINTED) -> str:
        """Return and clear the captured text. Beyond `limit` bytes, keep only the start and the end."""
        self._output.left = MAX_FLOOD
        with contextlib.suppress(Exception):  # learner code may have replaced or closed stdout
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
