"""Count the files of a zip file by walking its directory, before the list is read into memory.

The count in the file itself may be false, and the signature of an entry may be
anywhere in the content or in a comment.
"""

from __future__ import annotations

import os
import struct
from typing import IO

_END = struct.Struct("<4s4H2LH")  # at the end of the file, before a comment
_END_64 = struct.Struct("<4sQ2H2L4Q")  # for large files, before the locator
_LOCATOR_SIZE = 20  # between the two
_ENTRY = struct.Struct("<4s6H3L5H2L")
_MAX_COMMENT = 1 << 16


def count_entries(file: IO[bytes], limit: int) -> int:
    """Return the number of entries that `zipfile` would read, at most `limit` + 1.

    It is 0 if the file is not a zip file.
    """
    found = _directory(file)
    if found is None:
        return 0
    at, end = found
    count = 0
    while at < end and count <= limit:
        file.seek(at)
        raw = file.read(_ENTRY.size)
        if len(raw) < _ENTRY.size:
            break
        entry = _ENTRY.unpack(raw)
        if entry[0] != b"PK\x01\x02":
            break
        count += 1
        at += _ENTRY.size + entry[10] + entry[11] + entry[12]  # name, extra fields, comment
    file.seek(0)
    return count


def _directory(file: IO[bytes]) -> tuple[int, int] | None:
    """Return where the directory starts and ends; None if the file is not a zip file."""
    size = file.seek(0, os.SEEK_END)
    start = max(size - _END.size - _MAX_COMMENT, 0)
    file.seek(start)
    tail = file.read()
    last = tail[-_END.size :]
    if last.startswith(b"PK\x05\x06") and last.endswith(b"\0\0"):  # without a comment
        place = len(tail) - _END.size
    else:
        place = tail.rfind(b"PK\x05\x06")
    raw = tail[place : place + _END.size]
    if place < 0 or len(raw) < _END.size:
        return None
    end, length = start + place, _END.unpack(raw)[5]
    before = end - _LOCATOR_SIZE - _END_64.size
    if before >= 0:
        file.seek(before)
        large, locator = file.read(_END_64.size), file.read(4)
        if locator == b"PK\x06\x07" and large.startswith(b"PK\x06\x06"):
            end, length = before, _END_64.unpack(large)[8]
    return (end - length, end) if length <= end else None
