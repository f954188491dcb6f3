"""Where a learner's own files are. On their own machine: the directory in which `course open` was started."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from grader.content.course import Course
from grader.content.file_names import FileKind, file_stem, read_file_name
from grader.content.yaml_core import read_text
from grader.errors import CourseError
from grader.files import write_whole
from grader.judge.submission import MAX_BYTES, read_file
from grader.tutor.data_files import give_data
from grader.tutor.learner_file import has_learner_file, learner_file
from grader.web.identity import Learner

NOT_YET = ""  # digest of a file that does not exist
_saving = threading.Lock()


class Workplace(Protocol):
    """Directories of learners."""

    def directory(self, learner: Learner) -> Path:
        """Return the directory with a learner's files. The terminal checks the files in it, too."""


class OneDirectory:
    """The workplace on a learner's own machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def directory(self, learner: Learner) -> Path:
        """Return the one directory."""
        return self._path


class OpenFile(Struct, frozen=True):
    """The learner's file for an exercise. `problem` says why it is not edited here, or "" if it is."""

    path: Path
    text: str
    digest: str
    problem: str = ""

    @property
    def exists(self) -> bool:
        """True if there is a file, and not just the starter that would be written."""
        return self.digest != NOT_YET


class Conflict(CourseError):
    """The file on the disk is not the one that the learner has edited."""


def open_file(course: Course, exercise_id: str, directory: Path) -> OpenFile:
    """Return the file that `course check` checks, or the starter if there is none. Raises CourseError."""
    if not has_learner_file(exercise_id, directory):
        starter = read_text(course.exercise_dir(exercise_id) / "starter.py")
        return OpenFile(directory / f"{file_stem(exercise_id)}.py", starter, NOT_YET)
    path = learner_file(course, exercise_id, directory).path
    raw = read_file(path)
    text, problem = _editable(raw, path)
    return OpenFile(path, text, digest_of(raw), problem)


def save(course: Course, exercise_id: str, directory: Path, code: str, base: str) -> OpenFile:
    """Save the code in place of the version whose digest is `base`, and return the file.

    Raises Conflict if the file has changed since then, and CourseError if it cannot be written.
    """
    with _saving:  # two tabs at once: the second one meets a conflict
        return _save(course, exercise_id, directory, code, base)


def _save(course: Course, exercise_id: str, directory: Path, code: str, base: str) -> OpenFile:
    current = open_file(course, exercise_id, directory)
    text = code.replace("\r\n", "\n").replace("\r", "\n")  # forms send CRLF
    if current.problem:
        raise CourseError(current.problem)
    if current.exists and text == current.text:
        return current
    if base != current.digest:
        raise Conflict(
            f"{current.path.name} has changed on the disk since this page loaded it, "
            "and was not overwritten — load the file, or save yours over it"
        )
    data = text.encode("utf-8")
    if current.exists and b"\r\n" in read_file(current.path):
        data = data.replace(b"\n", b"\r\n")
    if len(data) > MAX_BYTES:
        raise CourseError(f"the code is larger than {MAX_BYTES / 1e6:.0f} MB — remove data from it")
    if current.exists:
        write_whole(current.path, data, "check the directory's permissions, then save again")
    else:
        give_data(course, exercise_id, directory)
        _write_new(current.path, data)
    return OpenFile(current.path, text, digest_of(data))


def digest_of(raw: bytes) -> str:
    """Return what identifies one version of a file."""
    return hashlib.blake2b(raw, digest_size=12).hexdigest()


def current_digest(course: Course, exercise_id: str, directory: Path) -> str:
    """Return the digest of the file that is there now. Raises CourseError."""
    if not has_learner_file(exercise_id, directory):
        return NOT_YET
    return digest_of(read_file(learner_file(course, exercise_id, directory).path))


def _editable(raw: bytes, path: Path) -> tuple[str, str]:
    """Return the text, and why it cannot be edited here without a loss."""
    if read_file_name(path.name).kind is not FileKind.PYTHON or raw.lstrip().startswith(b"{"):
        return "", f"{path.name} is a notebook. Edit it in Jupyter; it is checked here each time you save it."
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return (
            "",
            f"{path.name} is not UTF-8, so it is not edited here. Edit it elsewhere, or save it as UTF-8.",
        )
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text) or text.startswith("\ufeff"):
        return "", f"{path.name} holds characters that an editor in a page would lose. Edit it elsewhere."
    return text.replace("\r\n", "\n").replace("\r", "\n"), ""


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist. Raises Conflict if it does by now."""
    handle = path.with_name(f".{path.name}.{os.getpid()}")
    write_whole(handle, data, "start `course open` in a directory you can write to")
    try:
        path.hardlink_to(handle)  # atomic, and never over a file that another program has just written
    except FileExistsError:
        raise Conflict(f"{path.name} was written by another program just now — load the file") from None
    except OSError:  # a file system without links
        handle.replace(path)
    finally:
        handle.unlink(missing_ok=True)
