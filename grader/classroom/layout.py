"""Assign files to learners, for directories and for the downloads of learning platforms."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import yaml

from grader.classroom.archives import File, Folder, SkippedFile, files_in, files_of_zip
from grader.classroom.names import Parts, shown
from grader.content.file_names import read_file_name
from grader.content.yaml_core import MAX_BYTES, compose
from grader.errors import CourseError, EnvironmentProblem, SubmissionError

# Moodle: "Ada Lovelace_123_assignsubmission_file_", a directory or the start of a file name
_MOODLE = re.compile(r"(?P<who>.+_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)")
# Canvas: "lovelaceada_late_123_456_exercise_x-1.py": learner, late or not, ids of learner and file
_CANVAS = re.compile(r"(?P<who>.+?)_(?:late_)?(?P<id>\d+)_\d+_(?P<rest>.+)", re.IGNORECASE)
# Gradescope: "submission_123/", and a file with the names of the submitters
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
_METADATA = "submission_metadata.yml"
_SUBMITTED = "submitted"  # nbgrader's directory of submissions
_NBGRADER = {"nbgrader_config.py", "gradebook.db", "source", "release", "autograded", "feedback"}

UNKNOWN = "not a file that is graded"

Entry = File | Folder | SkippedFile
Whose = dict[str, list[File | Folder]]


def mode_of(path: Path) -> int:
    """Return the file mode of a path. Raises CourseError if it does not exist, EnvironmentProblem."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise CourseError(f"{path} does not exist — name the directory that holds the submissions") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def files_of_class(path: Path, left_out: Path, stack: ExitStack) -> list[Entry]:
    """Return the files below a directory, or in a zip file, with the learner's name as their first part.

    `stack` keeps their archives open. Raises CourseError.
    """
    mode = mode_of(path)
    if stat.S_ISDIR(mode):
        entries: list[Entry] = [*files_in(path, left_out)]
        alone = sum(not isinstance(each, Folder) for each in entries) == 1
        zips = [each for each in entries if isinstance(each, File) and len(each.parts) == 1 and each.is_zip]
        for each in zips:
            inside = _download(each, alone=alone, stack=stack)
            if inside is not None:
                entries.remove(each)
                entries += inside
        return [*_submitted(entries)]
    try:
        file = stack.enter_context(path.open("rb")) if stat.S_ISREG(mode) else None
        if file is None or (path.suffix.casefold() != ".zip" and not zipfile.is_zipfile(file)):
            raise CourseError(f"{path} is neither a directory nor a zip file — name one of these")
        return _unwrapped([*files_of_zip(file, shown(path.name))])
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError | ValueError) -> EnvironmentProblem:
    reason = (error.strerror if isinstance(error, OSError) else None) or error
    return EnvironmentProblem(f"{path} cannot be read: {reason} — check its permissions")


def by_learner(entries: Iterable[File | Folder], single: str | None) -> tuple[Whose, list[SkippedFile]]:
    """Return each learner's files and unreadable directories, and the files that belong to nobody.

    Every directory at the top is a learner's, even an empty one, so that nobody is forgotten.

    `single` is the file name of the exercise, if only one is graded. Then files may be named
    after learners, without directories.
    """
    entries = list(entries)
    files = [each for each in entries if isinstance(each, File)]
    titles = _titles(files)
    whose: Whose = {}
    left_out: list[SkippedFile] = []
    for folder in entries:
        placed = _placed((*folder.parts, ""), titles) if isinstance(folder, Folder) else None
        if placed is not None and isinstance(folder, Folder):
            own = whose.setdefault(placed[0].strip(), [])
            if folder.problem is not None:
                own.append(folder)
    for file in files:
        if file.name == _METADATA:
            continue
        place = _placed(file.parts, titles) or _named_by_file(file, single)
        if isinstance(place, str):
            left_out.append(SkippedFile(file.where, place))
        else:
            whose.setdefault(place[0].strip(), []).append(file._replace(parts=place[1]))
    return whose, left_out


def _placed(parts: Parts, titles: dict[str, str]) -> tuple[str, Parts] | None:
    """Return the learner and the path below their directory; None for a file outside all of these."""
    first, rest = parts[0], parts[1:]
    if moodle := _MOODLE.fullmatch(first):
        below = (moodle["rest"], *rest) if moodle["rest"] else rest
        return (moodle["who"], below) if below else None
    if not rest:
        canvas = _CANVAS.fullmatch(first)
        return (f"{canvas['who']}_{canvas['id']}", (canvas["rest"],)) if canvas else None
    return titles.get(first, first), rest


def _named_by_file(file: File, single: str | None) -> tuple[str, Parts] | str:
    """Return the learner that the file is named after, and its path; or why no learner is known."""
    if file.is_zip:
        return file.name.rpartition(".")[0], (file.name,)
    name = read_file_name(file.name)
    if not name.kind.is_code:
        return UNKNOWN
    if single is None:
        return "its learner is unknown; if the file is named after the learner, use --exercise"
    if name.copy_of(single) is not None:
        return "its learner is unknown: put it in a directory with the learner's name"
    return name.stem, (f"{single}.{name.kind}",)


def _download(file: File, alone: bool, stack: ExitStack) -> list[Entry] | None:
    """Return the files in the download of a whole class; None if the zip file is a learner's."""
    with ExitStack() as opened:
        try:
            entries = _unwrapped([*files_of_zip(opened.enter_context(file.open()), file.where)])
        except (SubmissionError, OSError):
            return None  # the error is raised again when it is read as a learner's
        files = [each for each in entries if isinstance(each, File)]
        if not (_is_of_a_system(files) or (alone and all(len(each.parts) > 1 for each in files))):
            return None
        stack.push(opened.pop_all())  # only now: a class may have more zip files than can be open
    return entries


def _is_of_a_system(files: Iterable[File]) -> bool:
    return any(
        _MOODLE.fullmatch(file.parts[0])
        or (len(file.parts) == 1 and _CANVAS.fullmatch(file.parts[0]))
        or (len(file.parts) > 1 and _GRADESCOPE.fullmatch(file.parts[0]))
        for file in files
    )


def _unwrapped(entries: Sequence[Entry]) -> list[Entry]:
    """Remove a directory around all others, which many programs add."""
    files = [each for each in entries if isinstance(each, File)]
    tops = {file.parts[0] for file in files}
    if len(tops) == 1 and all(len(file.parts) > 1 for file in files) and not _is_of_a_system(files):
        inner = [file._replace(parts=file.parts[1:]) for file in files]
        below = {file.parts[0] for file in inner if len(file.parts) > 1}
        if tops != {_SUBMITTED} and (len(below) > 1 or _is_of_a_system(inner)):
            entries = [*inner, *(each for each in entries if isinstance(each, SkippedFile))]
    return [*_submitted(entries)]


def _submitted(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield all entries, but only the submissions of an nbgrader directory."""
    tops = {each.parts[0] for each in entries if not isinstance(each, SkippedFile)}
    if _SUBMITTED not in tops or (tops - {_SUBMITTED} and not tops & _NBGRADER):
        yield from entries
        return
    for each in entries:
        if isinstance(each, SkippedFile):
            yield each
        elif each.parts[0] == _SUBMITTED and len(each.parts) > 1:
            yield each._replace(parts=each.parts[1:])
        elif isinstance(each, Folder) and each.problem is not None and each.parts[0] == _SUBMITTED:
            yield SkippedFile(_SUBMITTED, each.problem)


def _titles(files: Iterable[File]) -> dict[str, str]:
    """Return directory -> learner for a Gradescope download; empty if its metadata cannot be read."""
    learners: dict[str, str] = {}
    for file in files:
        if file.name != _METADATA or len(file.parts) != 1:
            continue
        try:
            root = compose(file.read(MAX_BYTES).decode("utf-8-sig"), file.where)
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
