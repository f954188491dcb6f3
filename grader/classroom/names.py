"""Turn file names from submissions into paths that are safe to show and to compare."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence

Parts = tuple[str, ...]

MAX_PARTS = 32
MAX_NAME = 255  # bytes of a name; no file system allows a longer one
TOO_DEEP = "a path with too many directories"
_DRIVE = re.compile(r"[A-Za-z]:")
# fillers, joiners and selectors, which Unicode does not count as format characters
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# letters of other scripts that are drawn like Latin ones, some only as capitals
_LATIN = str.maketrans("аеорсухіјѕԁһԛԝӏвнкмтαονρβηικμτυχı", "aeopcyxijsdhqwlbhkmtaovpbhikmtyxi")
_JUNK = {"__macosx", "__pycache__", "thumbs.db", "desktop.ini"}


def shown(name: str) -> str:
    """Return a name as text that can be stored and printed: no control characters, NFC normalized.

    Two systems that encode é differently then name the same learner.
    """
    if name.isascii() and name.isprintable():
        return name  # as most are, among up to a million
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
    """Return the parts of a path inside an archive as they are, or the reason why the path is refused."""
    name = name.replace("\\", "/")  # as some programs on Windows write it
    if name.startswith("/") or _DRIVE.match(name):
        return "an absolute path"
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if ".." in parts:
        return "a path that leads out of the archive"
    if not parts:
        return "a path without a name"
    if len(parts) > MAX_PARTS:
        return TOO_DEEP
    if any(len(part.encode("utf-8", "surrogatepass")) > MAX_NAME for part in parts):
        return "a name that is too long"
    return parts


def is_junk(parts: Sequence[str]) -> bool:
    """Return True for files that operating systems and programs leave behind."""
    return any(part.startswith((".", "~$")) or part.casefold() in _JUNK for part in parts)


def storable(text: str) -> str:
    """Return text that can be encoded: lone surrogates become escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


# --- learners ---


def unique_names(labels: Mapping[str, str]) -> dict[str, str]:
    """Return key -> name to show, from key -> label. Labels that look the same get numbers."""

    def order(key: str) -> tuple[bool, str, str]:
        label = labels[key]
        return label != shown(label).strip(), label, key  # a label that is shown as it is gets no number

    unique: dict[str, str] = {}
    taken: set[str] = set()
    for key in sorted(labels, key=order):
        text = plain = shown(labels[key]).strip() or "(no name)"
        number = 1
        while text in taken:
            number += 1
            text = f"{plain} ({number})"
        taken.add(text)
        unique[key] = text
    return unique


def look_alikes(labels: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return groups of keys whose labels differ only in spaces, case, Unicode form or invisible parts.

    Cyrillic and Greek letters that are drawn like Latin ones count as these.
    """
    groups: dict[str, list[str]] = {}
    for key in sorted(labels):
        groups.setdefault(_skeleton(labels[key]), []).append(key)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _skeleton(name: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    visible = (c for c in _INVISIBLE.sub("", folded) if not c.isspace())
    return "".join(c for c in visible if unicodedata.category(c) not in ("Cc", "Cf")).translate(_LATIN)
