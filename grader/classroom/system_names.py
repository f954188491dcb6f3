"""Read owners from the names that learning platforms give to directories and files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from grader.classroom.names import shown
from grader.classroom.owner import Owner
from grader.errors import CourseError

# Moodle: "Ada Lovelace_123_assignsubmission_file_", a directory or the start of a file name
_MOODLE = re.compile(
    r"(?P<who>(?P<name>.+?)(?:_(?P<number>\d+))?)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)",
    re.DOTALL,
)
MOODLE_MARK = "_assignsubmission_"
_NUMBER_AT_END = re.compile(r"\D (\d+)")  # "Participant 12", where names are hidden
# Canvas: "lovelaceada_LATE_123_456_exercise_x-1.py": learner, late or not, ids of learner and file
_CANVAS = re.compile(
    r"(?P<name>.+?)_(?P<late>late_)?(?P<number>\d+)_(?:\d+_(?P<rest>.+)|(?P<text>(?:text|link)\.html))",
    re.IGNORECASE | re.DOTALL,
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<late>late_)?anon_(?P<late2>late_)?(?P<number>(?=\d*[a-z])[a-z0-9]+)_(?:\d+_(?P<rest>.+)|(?P<text>(?:text|link)\.html))",
    re.IGNORECASE | re.DOTALL,
)
_RESUBMITTED = re.compile(r"-(\d{1,2})(?:\.\w+)+$")
# Gradescope: "submission_123/", and a file with the submitters
GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
# Blackboard: "Exercise_alovelace_attempt_2026-01-02-03-04-05_exercise_x.py", and a receipt without a file
_BLACKBOARD = re.compile(
    r"(?P<before>.+?)_attempt_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_(?P<rest>.+)|(?P<receipt>\.txt))",
    re.DOTALL,
)
# Brightspace: "12345-67890 - Ada Lovelace - Jan 2, 2026 304 PM - exercise_x.py", or a directory
_BRIGHTSPACE = re.compile(
    r"(?P<number>\d+)-\d+ - (?P<name>.+?) - (?P<time>[^-]*\d{4}[^-]*?)(?: - (?P<rest>.+))?", re.DOTALL
)
_CLOCK = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}), (\d{4}),? (\d{1,2}):?(\d\d) ?([AP]M)?", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# Sakai: the directory "Lovelace, Ada(alovelace)"
_SAKAI = re.compile(r"(?P<name>.+, ?.+)\((?P<login>[^()]+)\)", re.DOTALL)
# ILIAS: the directory "Lovelace_Ada_alovelace_123"
_ILIAS = re.compile(r"(?P<last>[^\W\d][^_]*)_(?P<first>[^\W\d][^_]*)_(?P<login>[^_]+)_(?P<number>\d+)")

RULE_GROUPS = {*Owner.__struct_fields__} - {"lms"} | {"first", "last", "file"}


class Named(NamedTuple):
    """The reading of one name."""

    key: str  # equal for all files of one owner
    label: str  # the learner's name in results
    owner: Owner
    rest: str = ""  # the learner's own name for the file
    is_receipt: bool = False  # the system wrote the file


def read_system_name(name: str, is_directory: bool) -> Named | None:
    """Return the owner if a system gave the name; None if not, or if only the whole class can tell."""
    if moodle := _MOODLE.fullmatch(name):
        hidden = _NUMBER_AT_END.search(moodle["name"]) if moodle["number"] is None else None
        number = moodle["number"] or (hidden and hidden[1])
        if number is None:
            return None
        owner = Owner(lms="moodle", number=number, name=shown(moodle["name"]))
        return Named(moodle["who"], moodle["who"], owner, moodle["rest"])
    if (brightspace := _BRIGHTSPACE.fullmatch(name)) and (is_directory or brightspace["rest"]):
        time = _iso(brightspace["time"])
        who = shown(brightspace["name"])
        owner = Owner(lms="brightspace", number=brightspace["number"], name=who, time=time)
        label = f"{who}_{brightspace['number']}"
        return Named(label, label, owner, brightspace["rest"] or "")
    return None if is_directory else _read_file(name)


def _read_file(name: str) -> Named | None:
    if blackboard := _BLACKBOARD.fullmatch(name):
        login = shown(blackboard["before"].rpartition("_")[2])
        day, clock = blackboard["time"][:10], blackboard["time"][11:].replace("-", ":")
        owner = Owner(lms="blackboard", login=login, time=f"{day}T{clock}")
        return Named(blackboard["before"], login, owner, blackboard["rest"] or "", blackboard["rest"] is None)
    if hidden := _CANVAS_ANONYMOUS.fullmatch(name):
        late = bool(hidden["late"] or hidden["late2"])
        rest = hidden["rest"] or hidden["text"]
        who = f"anon_{hidden['number']}"
        owner = Owner(lms="canvas", number=who, late=late, attempt=_attempt(rest))
        return Named(who, who, owner, rest)
    if canvas := _CANVAS.fullmatch(name):
        rest = canvas["rest"] or canvas["text"]
        owner = Owner(
            lms="canvas",
            number=canvas["number"],
            name=shown(canvas["name"]),
            late=bool(canvas["late"]),
            attempt=_attempt(rest),
        )
        who = f"{canvas['name']}_{canvas['number']}"
        return Named(who, who, owner, rest)
    return None


def _attempt(name: str) -> str | None:
    """Return the number of the attempt: Canvas writes "-1" after the name of the second file."""
    again = _RESUBMITTED.search(name)
    return str(int(again[1]) + 1) if again else None


def _iso(text: str) -> str:
    """Return Brightspace's "Jan 2, 2026 304 PM" in the ISO form; another text stays as it is."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock is None or clock[1].casefold() not in _MONTHS:
        return shown(text.strip())
    hour = int(clock[4]) % 12 + 12 * (clock[6].upper() == "PM") if clock[6] else int(clock[4])
    month = _MONTHS.index(clock[1].casefold()) + 1
    return f"{clock[3]}-{month:02}-{int(clock[2]):02}T{hour:02}:{clock[5]}"


def named_by_a_system(name: str, is_directory: bool) -> bool:
    """Return True if a name at the top is as a learning platform gives it."""
    if is_directory and GRADESCOPE.fullmatch(name):
        return True
    return read_system_name(name, is_directory) is not None


def owner_of_directory(name: str, among: Iterable[str]) -> Owner | None:
    """Return the owner of a directory if most directories of the class are named as by Sakai or ILIAS."""
    names = [*among]
    for lms, pattern in (("sakai", _SAKAI), ("ilias", _ILIAS)):
        found = pattern.fullmatch(name)
        if found and 2 * sum(pattern.fullmatch(each) is not None for each in names) > len(names):
            groups = {key: shown(value) for key, value in found.groupdict().items()}
            full = groups.pop("name", None) or f"{groups.pop('last')}, {groups.pop('first')}"
            return replace(Owner(lms=lms, name=full), **groups)
    return None


# --- an instructor's rule ---


class NameRule:
    """A pattern with named groups, which reads the names of other systems."""

    def __init__(self, pattern: str) -> None:
        """Raises CourseError if the pattern is wrong, or if it cannot tell owners apart."""
        try:
            self._pattern = re.compile(pattern, re.DOTALL)
        except re.error as error:
            raise CourseError(
                f"--names: {error} — write a regular expression such as '(?P<login>\\w+)-(?P<file>.+)'"
            ) from None
        groups = {*self._pattern.groupindex}
        if unknown := groups - RULE_GROUPS:
            raise CourseError(
                f"--names: there is no group {min(unknown)} — use {', '.join(sorted(RULE_GROUPS))}"
            )
        if not groups & {"number", "login", "sid", "email", "name", "last"}:
            raise CourseError(
                "--names: the pattern names no owner — add a group such as (?P<login>…), or "
                "number, sid, email, name"
            )

    def read(self, name: str) -> Named | None:
        """Return the owner; None if the whole name does not fit, or the owner is empty."""
        found = self._pattern.fullmatch(name)
        if found is None:
            return None
        groups = {key: shown(value).strip() for key, value in found.groupdict().items() if value}
        rest, late = groups.pop("file", ""), groups.pop("late", "")
        first, last = groups.pop("first", ""), groups.pop("last", "")
        if first or last:
            groups.setdefault("name", f"{first} {last}".strip())
        kinds = [kind for kind in ("login", "email", "sid", "number", "name") if groups.get(kind)]
        if not kinds:
            return None
        owner = replace(Owner(late=bool(late)), **groups)
        return Named(f"{kinds[0]}={groups[kinds[0]]}", groups[kinds[0]], owner, rest)
