"""Decide which learner a file belongs to, by the outermost name alone.

A class is a directory, or the zip file that a learning platform gives. What is
inside a learner's directory or zip file is that learner's, whatever names it holds.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import yaml

from grader.classroom.archives import Archive, Member, files_among, open_class_zip
from grader.classroom.budget import Budget
from grader.classroom.directories import checked, entries_of, files_in
from grader.classroom.found_files import File, Found, SkippedFile, is_zip
from grader.classroom.names import Parts, is_junk, look_alikes, shown, unique_names
from grader.content.file_names import read_file_name
from grader.content.yaml_core import MAX_BYTES, compose
from grader.errors import CourseError, EnvironmentProblem

MAX_ENTRIES = 50_000  # directories and files at the top of a class

# Moodle: "Ada Lovelace_123_assignsubmission_file_", a directory or the start of a file name
_MOODLE = re.compile(r"(?P<who>.+_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)", re.DOTALL)
_MOODLE_MARK = "_assignsubmission_"
# Canvas: "lovelaceada_late_123_456_exercise_x-1.py": learner, late or not, ids of learner and file
_CANVAS = re.compile(r"(?P<who>.+?)_(?:late_)?(?P<id>\d+)_\d+_(?P<rest>.+)", re.IGNORECASE | re.DOTALL)
# Gradescope: "submission_123/", and a file with the names of the submitters
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
_METADATA = "submission_metadata.yml"
_SUBMITTED = "submitted"  # nbgrader's directory of submissions
_NBGRADER = {"nbgrader_config.py", "gradebook.db", "source", "release", "autograded", "feedback"}

UNKNOWN = "not a file that is graded"


class Outermost(NamedTuple):
    """A directory or file at the top of a class.

    `files` yields its files. The first argument is the start of their `parts`, in
    place of a directory's name; for a file, it is the `parts`.
    """

    name: str  # as the file system or the zip file has it
    where: str  # the path to show
    is_directory: bool
    files: Callable[[Parts, Budget], Iterator[Found]]


class Owned(NamedTuple):
    """A part of one learner's files. `parts` is the argument for `outermost.files`."""

    outermost: Outermost
    parts: Parts

    def files(self, budget: Budget) -> Iterator[Found]:
        """Yield the files. Raises SubmissionError if they are too many."""
        return self.outermost.files(self.parts, budget)


class Owners(NamedTuple):
    """The files of each learner, and what belongs to nobody.

    `alike` are groups of learners whose names are easily confused.
    """

    owned: dict[str, list[Owned]]
    left_out: list[SkippedFile]
    alike: list[tuple[str, ...]]


def mode_of(path: Path) -> int:
    """Return the file mode of a path. Raises CourseError if it does not exist, EnvironmentProblem."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise CourseError(f"{path} does not exist — name the directory that holds the submissions") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def owners_of_class(path: Path, left_out: Path, single: str | None, stack: ExitStack) -> Owners:
    """Return what each learner of a directory or zip file handed in. Nothing of a learner's is opened.

    `left_out` is not searched; `stack` keeps the zip file open. `single` is the file
    name of the exercise, if only one is graded. Then files may be named after
    learners, without directories. Raises CourseError, EnvironmentProblem.
    """
    mode = mode_of(path)
    try:
        if stat.S_ISDIR(mode):
            return _owners(_in_directory(path.resolve(), left_out.resolve()), [], single)
        file = stack.enter_context(path.open("rb")) if stat.S_ISREG(mode) else None
        if file is None or (not is_zip(path.name) and not zipfile.is_zipfile(file)):
            raise CourseError(f"{path} is neither a directory nor a zip file — name one of these")
        archive = open_class_zip(file, shown(path.name))
        return _owners(_in_archive(archive), archive.refused, single)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError | ValueError) -> EnvironmentProblem:
    reason = (error.strerror if isinstance(error, OSError) else None) or error
    return EnvironmentProblem(f"{path} cannot be read: {reason} — check its permissions")


# --- what is at the top ---


def _in_directory(root: Path, left_out: Path, prefix: str = "") -> list[Outermost]:
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
    return found


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
            tops = _in_archive(open_class_zip(file, path.name))
    except (CourseError, OSError):
        return  # the error is raised again when it is read as a learner's
    if _is_of_a_system(tops) or (len(tops) > 1 and all(top.is_directory for top in tops)):
        raise CourseError(
            f"{path.parent} holds only {shown(path.name)}, which looks like the download of a whole class — "
            "name the zip file itself; if it is the work of one learner, put it into a directory with "
            "the learner's name"
        )


def _in_archive(archive: Archive) -> list[Outermost]:
    """Return the directories and files at the top, without a directory around all others."""
    members = archive.members
    tops = _tops(archive, members)
    if len(tops) == 1 and tops[0].is_directory and not _is_of_a_system(tops) and tops[0].name != _SUBMITTED:
        inner = _tops(archive, _below(members))
        if len([top for top in inner if top.is_directory]) > 1 or _is_of_a_system(inner):
            members, tops = _below(members), inner
    if _is_of_nbgrader(top.name for top in tops):
        tops = _tops(archive, _below(member for member in members if member.parts[0] == _SUBMITTED))
    return tops


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


def named_by_a_system(name: str, is_directory: bool) -> bool:
    """Return True if a name at the top is as Moodle, Canvas or Gradescope give it."""
    return bool(_MOODLE.fullmatch(name) or (_GRADESCOPE if is_directory else _CANVAS).fullmatch(name))


def _is_of_nbgrader(names: Iterable[str]) -> bool:
    tops = {*names}
    return _SUBMITTED in tops and bool(tops == {_SUBMITTED} or tops & _NBGRADER)


# --- whose it is ---


def _owners(tops: Sequence[Outermost], refused: Iterable[SkippedFile], single: str | None) -> Owners:
    titles = _titles(tops)
    by_key: dict[str, list[Owned]] = {}
    left_out = [*refused]
    for top in tops:
        if top.name == _METADATA and not top.is_directory:
            continue
        place = _placed(top, single)
        if isinstance(place, str):
            left_out.append(SkippedFile(top.where, place))
        else:
            key, parts = place
            by_key.setdefault(key, []).append(Owned(top, parts))
    labels = {key: titles.get(key, key) for key in by_key}
    names = unique_names(labels)
    alike = [
        tuple(names[key] if names[key] == key else f"{names[key]} ({key!a})" for key in group)
        for group in look_alikes(labels)
    ]
    return Owners({names[key]: owned for key, owned in by_key.items()}, left_out, alike)


def _placed(top: Outermost, single: str | None) -> tuple[str, Parts] | str:
    """Return the learner and the `parts` for the files; or why no learner is known."""
    name = top.name
    if name.count(_MOODLE_MARK) > 1:
        return f"its learner is unknown, because {_MOODLE_MARK} is in the name more than once"
    if moodle := _MOODLE.fullmatch(name):
        rest = (shown(moodle["rest"]),) if moodle["rest"] else ()
        return (moodle["who"], rest) if rest or top.is_directory else UNKNOWN
    if top.is_directory:
        return name, ()
    if canvas := _CANVAS.fullmatch(name):
        return f"{canvas['who']}_{canvas['id']}", (shown(canvas["rest"]),)
    if is_zip(name):
        return name.rpartition(".")[0], (shown(name),)
    read = read_file_name(name)
    if not read.kind.is_code:
        return UNKNOWN
    if single is None:
        return "its learner is unknown; if the file is named after the learner, use --exercise"
    if read.copy_of(single) is not None:
        return "its learner is unknown: put it in a directory with the learner's name"
    return read.stem, (f"{single}.{read.kind}",)


def _titles(tops: Iterable[Outermost]) -> dict[str, str]:
    """Return directory -> learner for a Gradescope download; empty if its metadata cannot be read."""
    learners: dict[str, str] = {}
    for top in tops:
        if top.name != _METADATA or top.is_directory:
            continue
        try:
            files = [each for each in top.files((top.name,), Budget()) if isinstance(each, File)]
            root = compose("".join(each.read(MAX_BYTES).decode("utf-8-sig") for each in files), top.where)
        except (CourseError, UnicodeDecodeError):
            continue  # the names of the directories are used instead
        for key, about in root.value if isinstance(root, yaml.MappingNode) else ():
            number = _GRADESCOPE.fullmatch(str(key.value))
            names = [*_values(about, (":submitters", ":name"))]
            if number and names:
                learners[number[0]] = f"{shown(' & '.join(names))}_{number['id']}"
    return learners


def _values(node: yaml.Node, keys: Sequence[str]) -> Iterator[str]:
    """Yield the texts under this path of keys, in all items of lists."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _values(each, keys)
    elif isinstance(node, yaml.MappingNode) and keys:
        for key, value in node.value:
            if str(key.value) in (keys[0], keys[0].removeprefix(":")):
                yield from _values(value, keys[1:])
    elif isinstance(node, yaml.ScalarNode) and not keys:
        yield node.value
