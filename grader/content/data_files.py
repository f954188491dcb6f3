"""Data files of an exercise: what its functions may read, as `data/…` beside the learner's file.

They lie in the exercise's directory `data/`. Learners get all of them, so nothing else may be reached
through them: names are plain, and a link inside the course is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from grader.content.base import Content, Finding
from grader.errors import CourseError

DATA = "data"  # the directory, in the exercise and beside the learner's file
MAX_FILES = 20
MAX_BYTES = 5_000_000  # of all data files of an exercise: each worker gets a copy
MAX_NAME = 100  # characters
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,3}")
_CODE = (".py", ".ipynb", ".pyc")  # would be taken for a learner's code


class DataFile(Content, frozen=True, kw_only=True):
    """A data file. `file` is its path below `data/`; `about` says what it holds."""

    file: str
    about: str

    @property
    def path(self) -> str:
        """The path that learner code opens."""
        return f"{DATA}/{self.file}"

    def findings(self) -> Iterator[Finding]:
        if not _PLAIN.fullmatch(self.file) or len(self.file) > MAX_NAME:
            yield Finding(
                ("file",),
                f"{self.file!r} is not a plain path below {DATA}/",
                "use letters, digits, _, - and . such as story.txt",
            )
        elif PurePosixPath(self.file).suffix.lower() in _CODE:
            yield Finding(("file",), f"{self.file} holds code", "put code into starter.py")


def data_findings(data: Sequence[DataFile]) -> Iterator[Finding]:
    """Yield what is wrong with the list of an exercise's data files."""
    seen: set[str] = set()
    for index, each in enumerate(data):
        if each.file.casefold() in seen:  # some file systems ignore case
            yield Finding((DATA, index, "file"), f"{each.file} is listed twice", "delete one of the entries")
        seen.add(each.file.casefold())
    if len(data) > MAX_FILES:
        yield Finding((DATA,), f"there are more than {MAX_FILES} data files", "put the data into fewer files")


def may_read(data: Sequence[DataFile]) -> str:
    """Return the text, in Markdown, that tells learners which files there are; "" if there are none."""
    lines = [f"- `{each.path}`: {' '.join(each.about.split())}" for each in data]
    return "\n".join(["Your code can read these files:\n", *lines]) if lines else ""


def found_files(exercise: Path) -> dict[str, Path]:
    """Return the files in `data/` of an exercise's directory, by path below it. Hidden files do not count."""
    top = exercise / DATA
    found = {path.relative_to(top).as_posix(): path for path in sorted(top.rglob("*")) if path.is_file()}
    return {name: path for name, path in found.items() if _PLAIN.fullmatch(name)}


def flaw_of(file: str, exercise: Path, course: Path) -> str:
    """Return what is wrong with a data file on the disk, or ""."""
    path = exercise / DATA / file
    try:
        target = path.resolve(strict=True)
        if not path.is_file():
            return "is not a file"
    except (OSError, RuntimeError):
        return "does not exist"
    # outside of the course lies only what an installer has made links to; see `Course`
    if target.is_relative_to(course.resolve()) and target != exercise.resolve() / DATA / file:
        return "is a link to another part of the course"
    return ""


def read_data(data: Iterable[DataFile], exercise: Path, course: Path) -> Mapping[str, bytes]:
    """Return the content of each data file, by the path that learner code opens. Raises CourseError."""
    contents: dict[str, bytes] = {}
    left = MAX_BYTES
    for each in data:
        path = exercise / DATA / each.file
        if flaw := flaw_of(each.file, exercise, course):
            raise CourseError(f"{path} {flaw} — put the file there, or correct `{DATA}:` in exercise.yaml")
        try:
            with path.open("rb") as file:
                content = file.read(left + 1)
        except OSError as error:
            raise CourseError(f"{path} cannot be read: {error.strerror} — check its permissions") from None
        left -= len(content)
        if left < 0:
            raise CourseError(
                f"the data files in {exercise / DATA} are larger than {MAX_BYTES / 1e6:.0f} MB — shorten them"
            )
        contents[each.path] = content
    return contents
