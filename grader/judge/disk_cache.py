"""What the judge has computed before, on disk: it may be deleted at any time, and is shared by processes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from grader import __version__

T = TypeVar("T")

MAX_BYTES = 200_000_000
MAX_ENTRIES = 2000
_DIGEST = 16


class DiskCache(Generic[T]):
    """Values of one type by key. Whatever goes wrong on the disk is a miss, never an error."""

    def __init__(self, directory: Path, type_: Any) -> None:
        """`type_` is a type that msgspec encodes, the same as T."""
        self._directory = directory
        self._type = type_

    def recall(self, key: str) -> T | None:
        """Return what was kept under this key, or None if it is not there or not whole."""
        path = self._directory / key
        try:
            raw = path.read_bytes()
            body = raw[_DIGEST:]
            if hashlib.blake2b(body, digest_size=_DIGEST).digest() != raw[:_DIGEST]:
                return None
            value: T = msgspec.msgpack.decode(body, type=self._type)
        except (OSError, msgspec.MsgspecError, RecursionError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the oldest unused entry is the first to go
        return value

    def keep(self, key: str, value: T) -> None:
        """Keep this value under this key if the disk allows it; drop the oldest if there is too much."""
        body = msgspec.msgpack.encode(value)
        path = self._directory / key
        mine = path.with_suffix(f".{os.getpid()}")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            mine.write_bytes(hashlib.blake2b(body, digest_size=_DIGEST).digest() + body)
            mine.replace(path)  # at once: another process sees all of it or nothing
        except OSError:
            with contextlib.suppress(OSError):
                mine.unlink()
        self._prune()

    def _prune(self) -> None:
        entries = []
        with contextlib.suppress(OSError):
            for path in self._directory.iterdir():
                with contextlib.suppress(OSError):  # another process may be pruning too
                    found = path.stat()
                    entries.append((found.st_mtime, found.st_size, path))
        total = 0
        for number, (_, size, path) in enumerate(sorted(entries, reverse=True), start=1):
            total += size
            if total > MAX_BYTES or number > MAX_ENTRIES:
                with contextlib.suppress(OSError):
                    path.unlink()


def key_of(*parts: Any) -> str:
    """Return a key for what follows from `parts`, this machine and the versions of the libraries."""
    encoded = msgspec.msgpack.encode((parts, _around()), order="deterministic")
    return hashlib.blake2b(encoded, digest_size=20).hexdigest()


@cache
def _around() -> list[str]:
    versions = [__version__, *(version(name) for name in ("numpy", "tensorflow", "keras"))]
    return [*versions, platform.machine(), platform.python_version(), str(os.cpu_count())]
