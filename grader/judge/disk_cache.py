"""A disk cache of the judge's results. Processes share it, and it can be deleted at any time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from grader import __version__
from grader.content.libraries import installed_version

T = TypeVar("T")

MAX_BYTES = 200_000_000
MAX_ENTRIES = 2000
_DIGEST = 16


class DiskCache(Generic[T]):
    """A cache of values of one type, by key. Disk errors count as misses and are never raised."""

    def __init__(self, directory: Path, type_: Any) -> None:
        """Store values of `type_` in `directory`. `type_` must be T and a type that msgspec can encode."""
        self._directory = directory
        self._type = type_

    def recall(self, key: str) -> T | None:
        """Return the value stored under `key`, or None if it is missing or damaged."""
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
            os.utime(path)  # entries unused for longest are deleted first
        return value

    def keep(self, key: str, value: T) -> None:
        """Store `value` under `key` if the disk allows it. Delete the oldest entries beyond the limits."""
        body = msgspec.msgpack.encode(value)
        path = self._directory / key
        temporary = path.with_suffix(f".{os.getpid()}")
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.write_bytes(hashlib.blake2b(body, digest_size=_DIGEST).digest() + body)
            temporary.replace(path)  # atomic: other processes see the whole entry or none
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()
        self._prune()

    def _prune(self) -> None:
        entries = []
        with contextlib.suppress(OSError):
            for path in self._directory.iterdir():
                with contextlib.suppress(OSError):  # another process may be pruning too
                    status = path.stat()
                    entries.append((status.st_mtime, status.st_size, path))
        total = 0
        for number, (_, size, path) in enumerate(sorted(entries, reverse=True), start=1):
            total += size
            if total > MAX_BYTES or number > MAX_ENTRIES:
                with contextlib.suppress(OSError):
                    path.unlink()


def key_of(*parts: Any) -> str:
    """Return a key for a result that depends on `parts`, this machine and the library versions.

    `parts` must be values that msgspec can encode.
    """
    encoded = msgspec.msgpack.encode((parts, _environment()), order="deterministic")
    return hashlib.blake2b(encoded, digest_size=20).hexdigest()


@cache
def _environment() -> list[str]:
    versions = [__version__, *(installed_version(name) or "" for name in ("numpy", "tensorflow", "keras"))]
    return [*versions, platform.machine(), platform.python_version(), str(os.cpu_count())]
