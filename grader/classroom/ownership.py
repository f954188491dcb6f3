"""Decide which learner a file belongs to, by the outermost name alone.

The metadata that a system adds to a download complete what the names say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import yaml
from msgspec.structs import replace

from grader.classroom.budget import Budget
from grader.classroom.found_files import File, Found, SkippedFile, is_zip
from grader.classroom.names import Parts, look_alikes, shown, unique_names
from grader.classroom.owner import Owner, merged
from grader.classroom.system_names import (
    GRADESCOPE,
    MOODLE_MARK,
    Named,
    NameRule,
    owner_of_directory,
    read_system_name,
)
from grader.content.file_names import read_file_name
from grader.content.yaml_core import MAX_BYTES, compose
from grader.errors import CourseError

UNKNOWN = "no exercise or quiz asks for it"
_METADATA = "submission_metadata.yml"
_FEEDBACK = "Feedback Attachment(s)"  # Sakai's directory for the instructor's files
_RECEIPT = re.compile(r"\s*Name: ?(?P<name>[^\n]+?) \((?P<login>[^()\n]+)\)")  # Blackboard's
_WITH_TIMES = ("blackboard", "brightspace")  # their downloads hold every attempt


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
        for found in self.outermost.files(self.parts, budget):
            if isinstance(found, File) and _FEEDBACK in found.parts[:-1]:
                yield SkippedFile(found.where, "feedback, not a submission")
            else:
                yield found


class Owners(NamedTuple):
    """The files of each learner, and what belongs to nobody.

    `alike` are groups of learners whose names are easily confused. `known` are
    the learners of whom a system says more than a name. `notes` tell which of a
    learner's attempts counts.
    """

    owned: dict[str, list[Owned]]
    left_out: list[SkippedFile]
    alike: list[tuple[str, ...]]
    known: dict[str, Owner]
    notes: dict[str, str]


class _Place(NamedTuple):
    """One learner's part in a directory or file at the top."""

    key: str
    label: str
    owner: Owner | None
    parts: Parts
    is_receipt: bool = False


def owners(
    tops: Sequence[Outermost],
    refused: Iterable[SkippedFile],
    single: str | None,
    rule: NameRule | None,
    is_nbgrader: bool,
) -> Owners:
    """Return whose each directory and file is."""
    submitters = _submitters(tops)
    receipts = _Receipts(tops)
    directories = [top.name for top in tops if top.is_directory]
    labels: dict[str, str] = {}
    by_key: dict[str, list[tuple[Outermost, _Place]]] = {}
    left_out = [*refused]
    for top in tops:
        if top.name == _METADATA and not top.is_directory:
            continue
        named = rule.read(top.name) if rule is not None else None
        if top.is_directory and top.name in submitters and named is None:
            places: list[_Place] | str = submitters[top.name]
        elif is_nbgrader and top.is_directory and named is None:
            places = [_Place(top.name, top.name, Owner(lms="nbgrader", login=shown(top.name)), ())]
        else:
            places = _places(top, single, named, receipts, directories)
        if isinstance(places, str):
            left_out.append(SkippedFile(top.where, places))
            continue
        for place in places:
            labels.setdefault(place.key, place.label)
            by_key.setdefault(place.key, []).append((top, place))
    names = unique_names(labels)
    alike = [
        tuple(key if names[key] == key and key.isascii() else f"{names[key]} ({key!a})" for key in group)
        for group in look_alikes(labels)
    ]
    result = Owners({}, left_out, alike, {}, {})
    for key, parts in by_key.items():
        learner = names[key]
        counting, note = _latest(parts)
        if note:
            result.notes[learner] = note
            earlier = [top.where for top, place in parts if (top, place) not in counting]
            left_out += [SkippedFile(where, "an earlier attempt") for where in earlier]
        result.owned[learner] = [Owned(top, place.parts) for top, place in counting if not place.is_receipt]
        for _, place in counting:
            if place.owner is not None:
                seen = result.known.get(learner)
                result.known[learner] = place.owner if seen is None else merged(seen, place.owner)
    return result


def _places(
    top: Outermost, single: str | None, named: Named | None, receipts: _Receipts, directories: Sequence[str]
) -> list[_Place] | str:
    """Return whose a directory or file is, or why nobody is known."""
    name = top.name
    if named is None and name.count(MOODLE_MARK) > 1:
        return f"its learner is unknown, because {MOODLE_MARK} is in the name more than once"
    named = named or receipts.completed(read_system_name(name, top.is_directory))
    if named is not None:
        if not (named.rest or named.is_receipt or top.is_directory):
            if MOODLE_MARK in name:
                return UNKNOWN
            kind = read_file_name(name).kind
            named = named._replace(rest=f"{single}.{kind}" if single and kind.is_code else name)
        rest = (shown(named.rest),) if named.rest else ()
        return [_Place(named.key, named.label, named.owner, rest, named.is_receipt)]
    if top.is_directory:
        return [_Place(name, name, owner_of_directory(name, directories), ())]
    if is_zip(name):
        return [_Place(name.rpartition(".")[0], name.rpartition(".")[0], None, (shown(name),))]
    read = read_file_name(name)
    if not read.kind.is_code:
        return UNKNOWN
    if single is None:
        return (
            "its learner is unknown; if the file is named after the learner, use --exercise, or --names "
            "if other parts of the name say whose it is"
        )
    if read.copy_of(single) is not None:
        return "its learner is unknown: put it in a directory with the learner's name"
    return [_Place(read.stem, read.stem, None, (f"{single}.{read.kind}",))]


def _latest(
    parts: Sequence[tuple[Outermost, _Place]],
) -> tuple[Sequence[tuple[Outermost, _Place]], str | None]:
    """Return the parts of the latest attempt, and a note if there are others.

    An attempt without files does not count, because the system's receipt alone is not work.
    """
    stamps = {_stamp(place.owner) for _, place in parts if not place.is_receipt}
    if None in stamps or len(stamps) < 2:
        return parts, None
    latest = max(filter(None, stamps))
    counting = [each for each in parts if _stamp(each[1].owner) == latest]
    when = latest[1].replace("T", " ") or f"number {latest[0]}"
    return counting, f"The latest of {len(stamps)} attempts counts ({when}). Earlier ones are not graded."


def _stamp(owner: Owner | None) -> tuple[int, str] | None:
    """Return the order of an attempt; None if it is unknown, or if the download holds one attempt only."""
    if owner is None or owner.lms not in (*_WITH_TIMES, ""):
        return None
    number = owner.attempt if owner.attempt and owner.attempt.isdecimal() else None
    time = owner.time if owner.time and re.match(r"\d{4}-\d\d-\d\d", owner.time) else None
    return None if number is None and time is None else (int(number or 0), time or "")


# --- Gradescope's metadata ---


def _submitters(tops: Iterable[Outermost]) -> dict[str, list[_Place]]:
    """Return directory -> everybody who submitted it; empty if the metadata cannot be read."""
    found: dict[str, list[_Place]] = {}
    for top in tops:
        if top.name != _METADATA or top.is_directory:
            continue
        try:
            root = compose(_text(top), top.where)
        except (CourseError, UnicodeDecodeError):
            continue  # the names of the directories are used instead
        for key, about in root.value if isinstance(root, yaml.MappingNode) else ():
            number = GRADESCOPE.fullmatch(str(key.value))
            if number:
                places = [*_members(number["id"], number[0], about)]
                if places:
                    found[number[0]] = places
    return found


def _members(number: str, directory: str, about: yaml.Node) -> Iterator[_Place]:
    people = [each for each in _nodes(about, ":submitters") if isinstance(each, yaml.MappingNode)]
    time = next((shown(each.value) for each in _nodes(about, ":created_at") if _is_text(each)), None)
    for index, person in enumerate(people):
        fields = {
            kind: shown(node.value).strip()
            for kind in ("name", "sid", "email")
            for node in _nodes(person, f":{kind}")
            if _is_text(node) and node.value.strip()
        }
        who = fields.get("name") or fields.get("email") or fields.get("sid")
        if who is None:
            continue
        group = directory if len(people) > 1 else None
        owner = replace(Owner(lms="gradescope", group=group, time=time), **fields)
        key = directory if len(people) == 1 else f"{directory}/{index}"
        yield _Place(key, f"{who}_{number}", owner, ())


def _nodes(node: yaml.Node, key: str) -> list[yaml.Node]:
    """Return the values under a key of a mapping, one for each item if the value is a list."""
    found: list[yaml.Node] = []
    for name, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if str(name.value) in (key, key.removeprefix(":")):
            found += value.value if isinstance(value, yaml.SequenceNode) else [value]
    return found


def _is_text(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null")


def _text(top: Outermost) -> str:
    files = [each for each in top.files((top.name,), Budget()) if isinstance(each, File)]
    return "".join(each.read(MAX_BYTES).decode("utf-8-sig") for each in files)


# --- Blackboard's receipts ---


class _Receipts:
    """The logins and names of a Blackboard download.

    A file name holds the assignment's title and the login, and both may hold "_". A
    receipt names the login; without one, the login is what differs between the names.
    """

    def __init__(self, tops: Sequence[Outermost]) -> None:
        self._names: dict[str, tuple[str, str]] = {}  # key -> login, name
        read = [(top, read_system_name(top.name, top.is_directory)) for top in tops]
        of_blackboard = [(top, each) for top, each in read if each is not None and _is_blackboard(each)]
        for top, each in of_blackboard:
            if each.is_receipt and (found := _receipt(top)) and each.key.endswith(f"_{found['login']}"):
                self._names[each.key] = (shown(found["login"]), shown(found["name"]))
        self._title = _common({each.key for _, each in of_blackboard})

    def completed(self, named: Named | None) -> Named | None:
        if named is None or not _is_blackboard(named):
            return named
        if named.key in self._names:
            login, name = self._names[named.key]
            owner = replace(named.owner, login=login, name=name)
            return named._replace(key=f"_{login}", label=login, owner=owner)
        login = shown(named.key[len(self._title) :]) if self._title else named.label
        return named._replace(label=login, owner=replace(named.owner, login=login))


def _is_blackboard(named: Named) -> bool:
    return named.owner.lms == "blackboard"


def _receipt(top: Outermost) -> Mapping[str, str] | None:
    try:
        found = _RECEIPT.match(_text(top))
    except (CourseError, UnicodeDecodeError):
        return None
    return found.groupdict() if found else None


def _common(names: set[str]) -> str:
    """Return the start that several names have in common, up to the last "_"."""
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    length = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: first[:length].rfind("_") + 1]
