"""Name the files of feedback, as directories per learner or as a zip file for Moodle or Canvas.

Moodle ("Upload multiple feedback files in a zip") splits a directory's name at "_":
full name, number of the participant, and "assignsubmission_file_". Canvas ("Upload
Submissions") takes the first two parts of a file's name that are numbers as the ids
of the learner and of the file that was handed in, so it needs the names of its own
download.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from grader.classroom.feedback import Feedback
from grader.classroom.feedback_page import page, text
from grader.classroom.results import Result

Form = Literal["html", "text", "moodle", "canvas"]
ZIPPED = ("moodle", "canvas")
MAX_NAME = 120  # bytes of a name: with a few directories around it, every file system takes it

# learners are named by the outermost name alone (`classroom/layout.py`): what is inside is theirs to name
_NUMBERED = re.compile(r"(?P<name>.+)_(?P<number>\d+)", re.DOTALL)
_CANVAS = re.compile(r"(?P<who>.+?)(?:_late)?_(?P<number>\d+)_\d+(?=_)", re.IGNORECASE | re.DOTALL)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)  # on Windows
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Files(Struct, frozen=True):
    """Path -> content, and the learners for whom no file was made.

    `unnamed` have no number in the system that is known and theirs alone. `members` are those of groups
    who did not hand in the file: Canvas ignores feedback that names an attachment of another submission.
    """

    by_path: Mapping[str, bytes]
    unnamed: tuple[str, ...]
    members: tuple[str, ...] = ()


class _Place(Struct, frozen=True):
    """The start of a path, and the number of the learner in the system, if it has numbers."""

    prefix: str
    number: int | None = None


def files(feedback: Sequence[tuple[Result, Feedback]], form: Form) -> Files:
    """Return the files for a system. No path leaves its directory, and no two learners share one."""
    make = text if form == "text" else page
    suffix = "txt" if form == "text" else "html"
    find = {"moodle": _in_moodle, "canvas": _in_canvas}.get(form, _in_directory)
    members: tuple[str, ...] = ()
    if form == "canvas":
        members = tuple(sorted({result.learner for result, _ in feedback if result.handed_in_by is not None}))
        feedback = [(result, each) for result, each in feedback if result.handed_in_by is None]
    places = {(result.learner, result.item): find(result) for result, _ in feedback}
    shared = _shared_numbers(places)
    known = {
        key: place.prefix for key, place in places.items() if place is not None and place.number not in shared
    }
    prefixes = _apart(known)
    by_path = {
        f"{prefixes[result.learner, result.item]}{safe_name(each.exercise)}.{suffix}": make(each).encode(
            "utf-8", "replace"
        )
        for result, each in feedback
        if (result.learner, result.item) in prefixes
    }
    unnamed = {learner for learner, item in places if (learner, item) not in known}
    return Files(by_path, tuple(sorted(unnamed)), members)


def _shared_numbers(places: Mapping[tuple[str, str], _Place | None]) -> set[int]:
    """Return the numbers that several learners have: nobody may read another's feedback."""
    learners: dict[int, set[str]] = {}
    for (learner, _), place in places.items():
        if place is not None and place.number is not None:
            learners.setdefault(place.number, set()).add(learner)
    return {number for number, several in learners.items() if len(several) > 1}


def zipped(by_path: Mapping[str, bytes]) -> bytes:
    """Return a zip file that is the same whenever it is written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(by_path):
            info = zipfile.ZipInfo(path, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, by_path[path])
    return buffer.getvalue()


def _apart(prefixes: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Return the prefixes, of which no two learners have the same, whatever the case of its letters."""
    owners: dict[str, str] = {}
    apart: dict[tuple[str, str], str] = {}
    for key, prefix in sorted(prefixes.items()):
        learner, wanted, count = key[0], prefix, 1
        while owners.setdefault(wanted.casefold(), learner) != learner:
            count += 1
            wanted = f"{count}-{prefix}"
        apart[key] = wanted
    return apart


def _in_directory(result: Result) -> _Place:
    return _Place(f"{safe_name(result.learner)}/")


def _in_moodle(result: Result) -> _Place | None:
    """Return the directory that Moodle gave this learner, or None if it has no such name."""
    found = _NUMBERED.fullmatch(result.learner)
    if found is None:
        return None
    name = safe_name(found["name"]).replace("_", " ")  # Moodle takes what follows the first "_" as the number
    return _Place(f"{name}_{found['number']}_assignsubmission_file_/", int(found["number"]))


def _in_canvas(result: Result) -> _Place | None:
    """Return the start of the name that Canvas gave this learner's file, or None if it has no such name."""
    for step in result.file.split("/"):
        found = _CANVAS.match(step)
        if found is not None and result.learner == f"{found['who']}_{found['number']}":
            return _Place(f"{safe_name(found[0])}_", int(found["number"]))
    return None


def safe_name(name: str) -> str:
    """Return a name that every file system accepts, and that is a name in its own directory."""
    plain = _UNSAFE.sub("_", name).encode("utf-8", "replace")[:MAX_NAME].decode("utf-8", "ignore")
    plain = plain.strip(" .") or "_"
    return f"_{plain}" if _RESERVED.match(plain) else plain
