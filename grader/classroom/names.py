"""The names of files that strangers have chosen -> paths that are safe to show and to compare."""

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
    """Return a name as text that can be stored and printed: no control characters, one form of Unicode.

    So two systems that write é in two ways mean one learner.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace") if _is_broken(name) else name
    return "".join(
        char if _is_harmless(char) else char.encode("unicode_escape").decode()
        for char in unicodedata.normalize("NFC", text)
    )


def _is_broken(name: str) -> bool:
    """Whether it holds bytes that were no Unicode; how Python keeps them, they cannot be written."""
    return any("\ud800" <= char <= "\udfff" for char in name)


def _is_harmless(char: str) -> bool:
    # Cc moves the cursor of a terminal, Cf may turn the direction of reading; joiners are part of scripts
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") or char in "\u200c\u200d"


def member_parts(name: str) -> Parts | str:
    """Return the parts of a path inside an archive, or what is wrong with it."""
    name = name.replace("\\", "/")  # as some programs on Windows write it
    if name.startswith("/") or _DRIVE.match(name):
        return "an absolute path"
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if ".." in parts:
        return "a path that leads out of the archive"
    if not parts:
        return "a path without a name"
    if len(parts) > MAX_PARTS:
        return "a path of very many directories"
    return tuple(map(shown, parts))


def is_junk(parts: Sequence[str]) -> bool:
    """Whether a path is of the files that systems leave behind, which nobody hands in."""
    return any(part.startswith((".", "~$")) or part.casefold() in _JUNK for part in parts)


def storable(text: str) -> str:
    """Return text without halves of characters, which can be typed but not be stored."""
    return text.encode("utf-8", "backslashreplace").decode()
