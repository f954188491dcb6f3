"""Find the directories and files at the top of a class.

A class is a directory, or the zip file that a learning platform gives. What is
inside a learner's directory or zip file is that learner's, whatever names it holds.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from grader.classroom.archives import Archive, Member, files_among, open_class_zip
from grader.classroom.budget import Budget
from grader.classroom.directories import checked, entries_of, files_in
from grader.classroom.found_files import Found, SkippedFile, is_zip
from grader.classroom.names import Parts, is_junk, shown
from grader.classroom.ownership import Outermost, Owners, owners
from grader.classroom.store import is_of_a_run
from grader.classroom.system_names import NameRule, named_by_a_system
from grader.content.file_names import read_file_name
from grader.errors import CourseError, EnvironmentProblem

MAX_ENTRIES = 50_000  # directories and files at the top of a class

_RESULTS = "the results of `course grade`"
_SUBMITTED = "submitted"  # nbgrader's directory of submissions
_NBGRADER = {"nbgrader_config.py", "gradebook.db", "source", "release", "autograded", "feedback"}


def mode_of(path: Path) -> int:
    """Return the file mode of a path. Raises CourseError if it does not exist, EnvironmentProblem."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise CourseError(f"{path} does not exist — name the directory that holds the submissions") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def owners_of_class(
    path: Path, left_out: Path, single: str | None, stack: ExitStack, rule: NameRule | None = None
) -> Owners:
    """Return what each learner of a directory or zip file handed in. Nothing of a learner's is opened.

    `left_out` is not searched; `stack` keeps the zip file open. `single` is the file
    name of the exercise, if only one is graded. Then files may be named after
    learners, without directories. `rule` reads names before all else. Raises
    CourseError, EnvironmentProblem.
    """
    mode = mode_of(path)
    try:
        if stat.S_ISDIR(mode):
            found, is_nbgrader = _in_directory(path.resolve(), left_out.resolve())
            earlier = [top for top in found if top.is_directory and is_of_a_run(path / top.name)]
            refused = [SkippedFile(top.where, _RESULTS) for top in earlier]
            tops = [top for top in found if top not in earlier]
            return owners(tops, refused, single, rule, is_nbgrader)
        file = stack.enter_context(path.open("rb")) if stat.S_ISREG(mode) else None
        if file is None or (not is_zip(path.name) and not zipfile.is_zipfile(file)):
            raise CourseError(f"{path} is neither a directory nor a zip file — name one of these")
        archive = open_class_zip(file, shown(path.name))
        tops, is_nbgrader = _in_archive(archive)
        return owners(tops, archive.refused, single, rule, is_nbgrader)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError | ValueError) -> EnvironmentProblem:
    reason = (error.strerror if isinstance(error, OSError) else None) or error
    return EnvironmentProblem(f"{path} cannot be read: {reason} — check its permissions")


# --- what is at the top ---


def _in_directory(root: Path, left_out: Path, prefix: str = "") -> tuple[list[Outermost], bool]:
    """Return the directories and files at the top, and whether they are nbgrader's."""
    entries = entries_of(root, MAX_ENTRIES)
    if entries is None:
        raise CourseError(
            f"{root} holds more than {MAX_ENTRIES} entries — name the directory that holds one directory "
            "per learner, or grade it in parts"
        )
    found = [
        _on_disk(entry, left_out, prefix)
        for entry in entries
        if not is_junk((entry.name,)) and Path(entry.path) != left_out
    ]
    if not prefix and _is_of_nbgrader(each.name for each in found):
        return _in_directory(root / _SUBMITTED, left_out, f"{_SUBMITTED}/")
    work = [each for each in found if each.is_directory or _may_be_work(each.name)]
    if len(work) == 1 and is_zip(work[0].name):
        _refuse_download(root / work[0].name)
    return found, bool(prefix) or root.name == _SUBMITTED


def _may_be_work(name: str) -> bool:
    return is_zip(name) or read_file_name(name).kind.is_code


def _on_disk(entry: os.DirEntry[str], left_out: Path, prefix: str) -> Outermost:
    where = f"{prefix}{shown(entry.name)}"

    def directory(parts: Parts, budget: Budget) -> Iterator[Found]:
        return files_in(Path(entry.path), where, budget, parts, left_out)

    def file(parts: Parts, budget: Budget) -> Iterator[Found]:
        yield checked(entry, None, parts, where, budget)

    files = directory if entry.is_dir(follow_symlinks=False) else file
    return Outermost(entry.name, where, _stands_for_directory(entry), files)


def _stands_for_directory(entry: os.DirEntry[str]) -> bool:
    """Return True for a link to a directory, too: it stands for a learner, although it is not followed."""
    try:
        return stat.S_ISDIR(entry.stat().st_mode)
    except OSError:  # of a link that leads nowhere, or to a closed place
        return entry.is_symlink() and not _may_be_work(entry.name)


def _refuse_download(path: Path) -> None:
    """Raise CourseError if the only work in a directory looks like the download of a class."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return
    try:
        with path.open("rb") as file:
            tops, _ = _in_archive(open_class_zip(file, path.name))
    except (CourseError, OSError):
        return  # the error is raised again when it is read as a learner's
    if _is_of_a_system(tops) or (len(tops) > 1 and all(top.is_directory for top in tops)):
        raise CourseError(
            f"{path.parent} holds only {shown(path.name)}, which looks like the download of a whole class — "
            "name the zip file itself; if it is the work of one learner, put it into a directory with "
            "the learner's name"
        )


def _in_archive(archive: Archive) -> tuple[list[Outermost], bool]:
    """Return the directories and files at the top, without a directory around all others.

    The second value tells whether they are nbgrader's.
    """
    members = archive.members
    tops = _tops(archive, members)
    if len(tops) == 1 and tops[0].is_directory and not _is_of_a_system(tops) and tops[0].name != _SUBMITTED:
        inner = _tops(archive, _below(members))
        if len([top for top in inner if top.is_directory]) > 1 or _is_of_a_system(inner):
            members, tops = _below(members), inner
    if _is_of_nbgrader(top.name for top in tops):
        return _tops(archive, _below(m for m in members if m.parts[0] == _SUBMITTED)), True
    return tops, False


def _below(members: Iterable[Member]) -> list[Member]:
    return [member._replace(parts=member.parts[1:]) for member in members if len(member.parts) > 1]


def _tops(archive: Archive, members: Iterable[Member]) -> list[Outermost]:
    groups: dict[tuple[str, bool], list[Member]] = {}
    for member in members:
        is_directory = len(member.parts) > 1 or member.info.is_dir()
        groups.setdefault((member.parts[0], is_directory), []).append(member)
    return [_in_zip(archive, name, is_dir, groups[name, is_dir]) for name, is_dir in sorted(groups)]


def _in_zip(archive: Archive, name: str, is_directory: bool, members: list[Member]) -> Outermost:
    first = members[0]
    top = "/".join(first.where.split("/")[: -len(first.parts) + 1 or None])

    def files(parts: Parts, budget: Budget) -> Iterator[Found]:
        own = (member._replace(parts=(*parts, *member.parts[1:])) for member in members)
        return files_among(archive.file, own, top, budget)

    return Outermost(name, top, is_directory, files)


def _is_of_a_system(tops: Iterable[Outermost]) -> bool:
    return any(named_by_a_system(top.name, top.is_directory) for top in tops)


def _is_of_nbgrader(names: Iterable[str]) -> bool:
    tops = {*names}
    return _SUBMITTED in tops and bool(tops == {_SUBMITTED} or tops & _NBGRADER)
