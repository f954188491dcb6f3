"""List the files of a directory or zip file; each is checked, and read only on demand.

Nothing is extracted to disk: files of an archive are read into memory, up to a limit.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from msgspec import Struct

from grader.classroom.names import Parts, is_junk, member_parts, shown
from grader.content.file_names import FileKind, read_file_name
from grader.content.notebook_cells import MAX_NOTEBOOK_BYTES
from grader.errors import EnvironmentProblem, SubmissionError
from grader.judge.submission import max_bytes

MAX_MEMBERS = 50_000  # files of a class, or of a zip file
MAX_TOTAL = 4_000_000_000  # bytes of an unpacked zip file
MAX_ZIP = 200_000_000  # bytes of a learner's zip file
LEARNER_DEPTH = 2  # nbgrader nests the learners' directories in another one
MAX_RATIO = 200  # source text shrinks to a tenth, a zip bomb to a thousandth
RATIO_COUNTS_FROM = 10_000_000  # bytes; a small blank picture may shrink more
MAX_NOTEBOOKS = 2 * MAX_NOTEBOOK_BYTES  # whose outputs may shrink as much as they like
_ENTRY = b"PK\x01\x02"  # starts each entry in the directory at the end of a zip file
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    zlib.error,
    ValueError,
    LookupError,
)


class SkippedFile(Struct, frozen=True, order=True):
    """A file that was not read, and the reason."""

    file: str
    why: str


class Folder(NamedTuple):
    """A directory that may be a learner's; `problem` says why it cannot be read."""

    parts: Parts
    problem: str | None = None


class File(NamedTuple):
    """A file that may be a learner's."""

    parts: Parts  # path below the directory or archive of the class
    where: str  # the path to show, inside the graded directory
    open: Callable[[], IO[bytes]]

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def is_zip(self) -> bool:
        return self.name.casefold().endswith(".zip")

    def read(self, limit: int | None = None) -> bytes:
        """Return the content. Raises SubmissionError if it is too large or damaged, EnvironmentProblem.

        `limit` is in bytes; by default it is that of a submission of this name.
        """
        limit = max_bytes(PurePosixPath(self.name)) if limit is None else limit
        try:
            with self.open() as file:
                raw = file.read(limit + 1) or b""
        except _BROKEN:
            raise SubmissionError(f"{self.where} is damaged — create the zip file again") from None
        except OSError as error:
            raise EnvironmentProblem(
                f"{self.where} cannot be read: {error.strerror} — check its permissions"
            ) from None
        if len(raw) > limit:
            raise SubmissionError(
                f"{self.where} has more than {limit // 1_000_000} MB — "
                "clear the outputs of a notebook; keep data out of the file"
            )
        return raw


# --- directories ---


def files_in(root: Path, left_out: Path) -> Iterator[File | Folder | SkippedFile]:
    """Yield the files of a directory, sorted, and the directories near its top. Raises EnvironmentProblem.

    `left_out` is not searched. A link is followed only to a file inside `root`.
    """
    root, left_out = root.resolve(), left_out.resolve()
    waiting: list[tuple[Path, Parts]] = [(root, ())]
    count = 0
    while waiting:
        directory, above = waiting.pop()
        try:
            with os.scandir(directory) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            if not above:
                raise EnvironmentProblem(
                    f"{root} cannot be read: {error.strerror} — check its permissions"
                ) from None
            where = "/".join(above)
            yield Folder(above, f"{where} cannot be read: {error.strerror} — check its permissions")
            continue
        for entry in entries:
            parts = (*above, shown(entry.name))
            if is_junk(parts[-1:]):
                continue
            count += 1
            if count > MAX_MEMBERS:
                yield SkippedFile(".", f"more than {MAX_MEMBERS} files; the rest is not graded")
                return
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                if path != left_out:
                    waiting.append((path, parts))
                    if len(parts) <= LEARNER_DEPTH:
                        yield Folder(parts)
                continue
            yield _checked(path, parts, root)


def _checked(path: Path, parts: Parts, root: Path) -> File | SkippedFile:
    where = "/".join(parts)
    try:
        target = path.resolve(strict=True)
        kind = target.stat().st_mode
    except PermissionError:
        return File(parts, where, lambda: open(path, "rb", opener=_careful))  # reading it raises the error
    except (OSError, RuntimeError):  # a dead link or a loop
        return SkippedFile(where, "a link that leads nowhere")
    if target != path and not target.is_relative_to(root):
        return SkippedFile(where, "a link that leads out of the directory")
    if target != path and stat.S_ISDIR(kind):
        return SkippedFile(where, "a link to a directory")
    if not stat.S_ISREG(kind):
        return SkippedFile(where, "neither a file nor a directory")

    return File(parts, where, lambda: open(target, "rb", opener=_careful))


def _careful(path: str, flags: int) -> int:
    # the file may have been replaced since it was checked
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


# --- archives ---


def files_of_zip(file: IO[bytes], where: str) -> Iterator[File | SkippedFile]:
    """Yield the files of a zip file, sorted. They can be read while `file` is open.

    Raises SubmissionError if it is not a zip file, or unpacks to too much.
    """
    if _count(file) > MAX_MEMBERS:
        raise SubmissionError(f"{where} holds more than {MAX_MEMBERS} files — is it the right file?")
    try:
        archive = zipfile.ZipFile(file)
    except (*_BROKEN, OSError):
        raise SubmissionError(f"{where} is not a zip file, or is damaged — create it again") from None
    members = [(member, _name(member)) for member in archive.infolist()]
    _check_sizes([member for member, _ in members], where)
    again = Counter(parts for member, parts in members if not member.is_dir())
    for member, parts in sorted(members, key=lambda pair: pair[0].filename):
        if isinstance(parts, str):
            yield SkippedFile(f"{where}/{shown(member.filename)[:100]}", parts)
            continue
        if is_junk(parts) or member.is_dir():
            continue
        inside = f"{where}/{'/'.join(parts)}"
        if again[parts] > 1:
            yield SkippedFile(inside, "the archive holds several files with this name")
        elif not _is_regular(member):
            yield SkippedFile(inside, "a link or a device")
        elif member.flag_bits & 1:
            yield SkippedFile(inside, "it is encrypted")
        elif member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield SkippedFile(inside, "it uses an unsupported compression")  # some can inflate without limit
        else:
            yield File(parts, inside, partial(archive.open, member))


def files_of_learner_zip(file: File) -> Iterator[File | SkippedFile]:
    """Yield the files of a zip file that a learner handed in. Raises as `files_of_zip` and `read` do."""
    return files_of_zip(io.BytesIO(file.read(MAX_ZIP)), file.where)


def _count(file: IO[bytes]) -> int:
    """Return an upper bound for the number of files, without reading the list into memory."""
    count, rest = 0, b""
    file.seek(0)
    while chunk := file.read(1 << 20):
        count += (rest + chunk).count(_ENTRY)
        rest = chunk[1 - len(_ENTRY) :]
    file.seek(0)
    return count


def _name(member: zipfile.ZipInfo) -> Parts | str:
    name = member.filename
    if not member.flag_bits & 0x800:  # no flag for UTF-8, but macOS writes UTF-8 without it
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return member_parts(name)


def _check_sizes(members: list[zipfile.ZipInfo], where: str) -> None:
    """Refuse a zip bomb by its declared sizes; wrong sizes are caught when files are read."""
    total = sum(member.file_size for member in members)
    if total > MAX_TOTAL:
        raise SubmissionError(f"{where} unpacks to {total / 1e9:.0f} GB — leave the data out")
    others = [m for m in members if read_file_name(m.filename).kind is not FileKind.NOTEBOOK]
    if total - sum(member.file_size for member in others) <= MAX_NOTEBOOKS:
        members = others
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > RATIO_COUNTS_FROM and total > MAX_RATIO * max(packed, 1):
        raise SubmissionError(
            f"{where} unpacks to {total // max(packed, 1)} times its size — is it a zip bomb?"
        )


def _is_regular(member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    return kind in (0, stat.S_IFREG)  # 0: written by a system without file types
