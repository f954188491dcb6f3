"""Turn file names from submissions into paths that are safe to show and to compare."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence

Parts = tuple[str, ...]

MAX_PARTS = 32
_DRIVE = re.compile(r"[A-Za-z]:")
_JUNK = {"__macosx", "__pycache__", "thumbs.db", "desktop.ini"}


def shown(name: str) -> str:
    """Return a name as text that can be stored and printed: no control characters, NFC normalized.

    Two systems that encode é differently then name the same learner.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace") if _is_broken(name) else name
    return "".join(
        char if _is_harmless(char) else char.encode("unicode_escape").decode()
        for char in unicodedata.normalize("NFC", text)
    )


def _is_broken(name: str) -> bool:
    """Return True if a name holds bytes that are not Unicode; Python keeps them as lone surrogates."""
    return any("\ud800" <= char <= "\udfff" for char in name)


def _is_harmless(char: str) -> bool:
    # Cc moves the cursor of a terminal, Cf may reverse the text direction; joiners belong to scripts
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") or char in "\u200c\u200d"


def member_parts(name: str) -> Parts | str:
    """Return the parts of a path inside an archive, or the reason why the path is refused."""
    name = name.replace("\\", "/")  # as some programs on Windows write it
    if name.startswith("/") or _DRIVE.match(name):
        return "an absolute path"
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if ".." in parts:
        return "a path that leads out of the archive"
    if not parts:
        return "a path without a name"
    if len(parts) > MAX_PARTS:
        return "a path with too many directories"
    return tuple(map(shown, parts))


def is_junk(parts: Sequence[str]) -> bool:
    """Return True for files that operating systems and programs leave behind."""
    return any(part.startswith((".", "~$")) or part.casefold() in _JUNK for part in parts)


def storable(text: str) -> str:
    """Return text that can be encoded: lone surrogates become escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
