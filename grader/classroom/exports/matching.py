"""Match learners with the people of a roster: by the strongest key that both sides have, then by name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from grader.classroom.exports.roster import Key, Roster, System
from grader.classroom.owner import Owner, name_forms

_LMS: dict[System, str] = {"canvas": "canvas", "moodle": "moodle", "gradescope-csv": "gradescope"}


class How(StrEnum):
    """The kind of a match, the most reliable first."""

    NUMBER = "number"
    SID = "sid"
    LOGIN = "login"
    EMAIL = "email"
    MAILBOX = "the part of an email address before the @"
    NAME = "name"


class Match(Struct, frozen=True):
    """A learner and the row of the roster that is theirs."""

    row: int
    how: How
    by: str  # the learner's value


class Doubt(Struct, frozen=True):
    """Why a learner has no row: several may be theirs, or one that may be another learner's.

    If there is one row and there are no others, its name fits, but its number does not.
    """

    rows: tuple[int, ...]
    others: tuple[str, ...] = ()  # learners whose row this is or may be


class Matches(Struct, frozen=True):
    """The learners with a row. There are doubts about those who have several rows, or share one."""

    found: dict[str, Match]
    doubts: dict[str, Doubt]
    unknown: tuple[str, ...]

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """The learners about whom there are doubts."""
        return tuple(sorted(self.doubts))


_Clue = tuple[How, str]
_STRONG = (How.NUMBER, How.SID, How.LOGIN, How.EMAIL)
# a directory may be named after anything, so its name is tried as each of these
_ANY = (How.LOGIN, How.SID, How.NUMBER, How.EMAIL, How.NAME)
_KEYS = {How.NUMBER: Key.NUMBER, How.SID: Key.SID, How.LOGIN: Key.LOGIN, How.EMAIL: Key.EMAIL}


def match(owners: Mapping[str, Owner | None], roster: Roster, system: System) -> Matches:
    """Return learner -> row of the roster, from learner -> what is known of them.

    A row that may belong to two learners is given to neither. A learner with
    several candidates does not get a less similar row instead. A missing grade can
    be added later; a grade must never go to somebody else.
    """
    found: dict[str, Match] = {}
    doubts: dict[str, Doubt] = {}
    taken: defaultdict[int, list[str]] = defaultdict(list)  # row -> the learners whose row it is or may be
    for index in _indexes(roster, system):
        wanted: defaultdict[int, list[tuple[str, _Clue]]] = defaultdict(list)
        for learner, owner in owners.items():
            if learner in found or learner in doubts:
                continue
            clue, rows = index.first(_clues(learner, owner, system))
            if clue is None:
                continue
            same = len(rows) == 1 and not rows & taken.keys()
            if same and not _is_contradicted(owner, clue, roster, min(rows), system):
                wanted[min(rows)].append((learner, clue))
            else:
                others = taken.get(min(rows), ()) if len(rows) == 1 else ()
                doubts[learner] = Doubt(tuple(sorted(rows)), tuple(others))
        for row, by in wanted.items():
            if len(by) == 1:
                learner, clue = by[0]
                found[learner] = Match(row, clue[0], clue[1])
            else:
                all_ = [learner for learner, _ in by]
                doubts |= {one: Doubt((row,), tuple(each for each in all_ if each != one)) for one in all_}
            taken[row] += [learner for learner, _ in by]
    unknown = tuple(each for each in owners if each not in found and each not in doubts)
    return Matches(found, doubts, unknown)


def _clues(learner: str, owner: Owner | None, system: System) -> list[_Clue]:
    """Return what a learner may be found by. A system's own number means nothing to another one."""
    if owner is None or owner.lms == "nbgrader":
        # Moodle's number of a participant is on no badge, so a number that looks like it is another one
        kinds = [how for how in _ANY if how is not How.NUMBER or system != "moodle"]
        return [(how, learner.strip()) for how in kinds]
    clues = [
        (how, value)
        for how in _STRONG
        if (value := getattr(owner, how.value)) and (how is not How.NUMBER or owner.lms in ("", _LMS[system]))
    ]
    return clues + [(How.NAME, owner.name)] * bool(owner.name)


def _is_contradicted(owner: Owner | None, clue: _Clue, roster: Roster, row: int, system: System) -> bool:
    """Return True if a name fits, but a number of the same system does not: two people have one name."""
    if clue[0] is not How.NAME or owner is None or owner.lms != _LMS[system]:
        return False
    person = roster.people[row]
    return any(
        getattr(owner, how.value) and any(char.isdigit() for char in roster.of(person, _KEYS[how]))
        for how in (How.NUMBER, How.SID)
    )


class _Index:
    """Finds rows by one way of comparing texts."""

    def __init__(self, forms: Callable[[How, str], Sequence[tuple[How, str]]]) -> None:
        self._forms = forms
        self._rows: defaultdict[tuple[How, str], set[int]] = defaultdict(set)

    def add(self, row: int, how: How, text: str) -> None:
        for form in self._forms(how, text):
            self._rows[form].add(row)

    def first(self, clues: Sequence[_Clue]) -> tuple[_Clue | None, set[int]]:
        """Return the first clue with any row, and its rows."""
        for how, text in clues:
            forms = self._forms(how, text)
            rows = {row for form in forms for row in self._rows.get(form, ())}
            if rows:
                return (forms[0][0], text), rows
        return None, set()


def _exactly(how: How, text: str) -> list[_Clue]:
    return [(how, text)]


def _without_case(how: How, text: str) -> list[_Clue]:
    return [(how, text.casefold())]


def _by_name(how: How, text: str) -> list[_Clue]:
    return [(How.NAME, form) for form in sorted(name_forms(text))] if how is How.NAME else []


def _indexes(roster: Roster, system: System) -> list[_Index | _Mailboxes]:
    indexes: list[_Index | _Mailboxes] = [
        _Index(_exactly),
        _Index(_without_case),
        _Mailboxes(),
        _Index(_by_name),
    ]
    for row, person in enumerate(roster.people):
        texts = [(how, roster.of(person, key)) for how, key in _KEYS.items()]
        texts.append((How.NAME, roster.name(person)))
        if system == "moodle":
            identifier = roster.of(person, Key.NUMBER)
            number = re.search(r"\d+$", identifier)
            texts += [(How.NUMBER, number[0] if number else ""), (How.NAME, identifier)]
        for how, text in texts:
            if text:
                for index in indexes:
                    index.add(row, how, text)
    return indexes


class _Mailboxes:
    """Finds rows where one side has an email address and the other its local part."""

    def __init__(self) -> None:
        self._plain: defaultdict[str, set[int]] = defaultdict(set)
        self._of_addresses: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, row: int, how: How, text: str) -> None:
        if how in (How.LOGIN, How.EMAIL):
            rows = self._of_addresses if "@" in text else self._plain
            rows[text.partition("@")[0].casefold()].add(row)

    def first(self, clues: Sequence[_Clue]) -> tuple[_Clue | None, set[int]]:
        """Return the first clue with any row, and its rows."""
        for how, text in clues:
            if how in (How.LOGIN, How.EMAIL):
                side = self._plain if "@" in text else self._of_addresses
                rows = side.get(text.partition("@")[0].casefold())
                if rows:
                    return (How.MAILBOX, text), {*rows}
        return None, set()
