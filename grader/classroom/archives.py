"""List the files of a zip file; each is checked, and read only on demand.

Nothing is extracted to disk: files of an archive are read into memory, up to a limit.
"""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import IO, NamedTuple

from grader.classroom.budget import MAX_FILES, MAX_ZIPS, Budget, too_many_files
from grader.classroom.found_files import BROKEN, File, SkippedFile
from grader.classroom.names import Parts, is_junk, member_parts, shown
from grader.classroom.submission_time import time_in_zip
from grader.classroom.zip_directory import count_entries
from grader.content.file_names import FileKind, read_file_name
from grader.content.notebook_cells import MAX_NOTEBOOK_BYTES
from grader.errors import CourseError, SubmissionError

MAX_CLASS_FILES = 500_000  # in the zip file of a class
MAX_TOTAL = 4_000_000_000  # bytes of one learner's unpacked files
MAX_RATIO = 200  # source text shrinks to a tenth, a zip bomb to a thousandth
RATIO_COUNTS_FROM = 10_000_000  # bytes; a small blank picture may shrink more
MAX_NOTEBOOKS = 2 * MAX_NOTEBOOK_BYTES  # whose outputs may shrink as much as they like


class Member(NamedTuple):
    """A file or directory in a zip file. `parts` are as in the file, `where` is the path to show."""

    info: zipfile.ZipInfo
    parts: Parts
    where: str


class Archive(NamedTuple):
    """An open zip file, its members without junk, and those with names that are refused."""

    file: zipfile.ZipFile
    members: list[Member]
    refused: list[SkippedFile]


def open_class_zip(file: IO[bytes], where: str) -> Archive:
    """Open the zip file of a class. Raises CourseError if it is damaged, or holds too much to grade."""
    if count_entries(file, MAX_CLASS_FILES) > MAX_CLASS_FILES:
        raise CourseError(
            f"{where} holds more than {MAX_CLASS_FILES} files — unpack it and grade the directory, where "
            "each learner has a limit"
        )
    return _open(file, where)


def files_of_zip(file: IO[bytes], where: str, budget: Budget) -> Iterator[File | SkippedFile]:
    """Yield the files of a learner's zip file, sorted. They can be read while `file` is open.

    Raises SubmissionError if it is not a zip file, or holds too much.
    """
    if count_entries(file, MAX_FILES) > MAX_FILES:
        raise too_many_files(where)
    archive = _open(file, where)
    yield from archive.refused
    yield from files_among(archive.file, archive.members, where, budget)


def files_of_learner_zip(file: File) -> Iterator[File | SkippedFile]:
    """Yield the files of a zip file that a learner handed in. Raises as `files_of_zip` and `read` do."""
    raw = file.read(MAX_ZIPS)
    file.budget.unpack(file.where, len(raw))
    return files_of_zip(io.BytesIO(raw), file.where, file.budget)


def files_among(
    archive: zipfile.ZipFile, members: Iterable[Member], where: str, budget: Budget
) -> Iterator[File | SkippedFile]:
    """Yield the files among these members, which are one learner's: first those near the top.

    `where` names them in errors. Raises SubmissionError if they are too many, or unpack to too much.
    """
    files = sorted(
        (member for member in members if not member.info.is_dir()),
        key=lambda member: (len(member.parts), member.parts),
    )
    _check_sizes([member.info for member in files], where)
    again = Counter(member.where for member in files)
    for info, parts, inside in files:
        if not budget.take_file():
            raise too_many_files(where)
        if again[inside] > 1:
            yield SkippedFile(inside, "the archive holds several files with this name")
        elif not _is_regular(info):
            yield SkippedFile(inside, "a link or a device")
        elif info.flag_bits & 1:
            yield SkippedFile(inside, "it is encrypted")
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield SkippedFile(inside, "it uses an unsupported compression")  # some can inflate without limit
        else:
            yield File(
                tuple(map(shown, parts)),
                inside,
                partial(archive.open, info),
                budget,
                time_in_zip(info.date_time),
            )


def _open(file: IO[bytes], where: str) -> Archive:
    try:
        archive = zipfile.ZipFile(file)
    except (*BROKEN, OSError):
        raise SubmissionError(f"{where} is not a zip file, or is damaged — create it again") from None
    members: list[Member] = []
    refused: list[SkippedFile] = []
    for info in archive.infolist():
        parts = member_parts(_name(info))
        if isinstance(parts, str):
            refused.append(SkippedFile(f"{where}/{shown(info.filename)[:100]}", parts))
        elif not is_junk(parts):
            members.append(Member(info, parts, f"{where}/{'/'.join(map(shown, parts))}"))
    return Archive(archive, members, refused)


def _name(member: zipfile.ZipInfo) -> str:
    name = member.filename
    if not member.flag_bits & 0x800:  # no flag for UTF-8, but macOS writes UTF-8 without it
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name


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
