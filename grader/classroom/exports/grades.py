"""Grades as the tables that Canvas, Moodle and Gradescope read or write.

Canvas: the gradebook's CSV (Canvas guides, "How do I import grades in the
Gradebook?"): Student, ID, SIS User ID, SIS Login ID and Section come first, in
this order, then one column for each assignment; the second row says "Points
Possible". Moodle: any table with a column that names the user (MoodleDocs,
"Grade import"). Gradescope: the columns of its own export of a course's grades.

An empty cell is no grade, not 0: nothing was handed in, or this machine could
not grade it.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from grader.classroom.results import Result, Status
from grader.errors import CourseError, EnvironmentProblem
from grader.files import Cell

System = Literal["canvas", "moodle", "gradescope-csv"]
Person = dict[str, str]

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = ("First name", "Last name", "ID number", "Username", "Email address")
GRADESCOPE = ("First Name", "Last Name", "SID", "Email", "Sections")
# what may be the learner's name in our results, by what is least often ambiguous
_NAMES: dict[System, tuple[str, ...]] = {
    "canvas": ("SIS Login ID", "SIS User ID", "ID", "Student"),
    "moodle": ("Username", "Email address", "ID number"),
    "gradescope-csv": ("SID", "Email"),
}
_OWN_NUMBER = re.compile(r"\s*\(\d+\)$")  # Canvas puts the assignment's number after its name


class Grades(Struct, frozen=True):
    """The rows of the file, and the learners who are not in it."""

    rows: tuple[tuple[Cell, ...], ...]
    unknown: tuple[str, ...]  # no line of the roster is theirs
    ambiguous: tuple[str, ...]  # several lines may be theirs, or theirs may be another learner's


class Roster(Struct, frozen=True):
    """The people of a course, as the other system has written them."""

    header: tuple[str, ...]
    people: tuple[Person, ...]


def read_roster(path: Path, system: System) -> Roster:
    """Read a CSV that the other system wrote. Raises CourseError, EnvironmentProblem."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            table = [row for row in lines if any(cell.strip() for cell in row)]
    except FileNotFoundError:
        raise CourseError(f"there is no {path} — name the roster that {system} exported") from None
    except UnicodeDecodeError:
        raise CourseError(
            f"{path} is not UTF-8 text — export it again as CSV, or in a spreadsheet save it as “CSV UTF-8”"
        ) from None
    except csv.Error:  # the only thing that a lenient reader refuses
        raise CourseError(
            f"{path}:{lines.line_num}: a cell is too long for a CSV — export it again"
        ) from None
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be read: {error.strerror} — check its permissions") from None
    header = tuple(cell.strip() for cell in table[0]) if table else ()
    names = [name for name in _NAMES[system] if name in header]
    if not names:
        raise CourseError(
            f"{path}:1: there is no column {' or '.join(_NAMES[system])} — "
            f"name the roster that {system} exported"
        )
    people = [dict(zip(header, (cell.strip() for cell in row), strict=False)) for row in table[1:]]
    # of the rows that are nobody's, such as "Points Possible", none has an id
    return Roster(header, tuple(person for person in people if _is_somebody(person, names)))


def _is_somebody(person: Person, names: Sequence[str]) -> bool:
    if person.get("Student", "").startswith(("Points Possible", "Student, Test")):
        return False
    return any(person.get(name) for name in names)


def grades(
    results: Sequence[Result], system: System, titles: Mapping[str, str], roster: Roster | None = None
) -> Grades:
    """Return the table for a system. `titles` are those of exercises and quizzes, to find their columns."""
    learners = sorted({result.learner for result in results})
    people = {learner: _alone(learner, system) for learner in learners}
    ambiguous: set[str] = set()
    if roster is not None:
        people, ambiguous = _matched(learners, roster, system)
    items = sorted({result.item for result in results})
    points = {item: max(result.max_score for result in results if result.item == item) for item in items}
    scores = {
        (result.learner, result.item): result.score
        for result in results
        if result.status is not Status.FAILED
    }
    columns = {item: _column(item, titles.get(item, item), roster) for item in items}
    make = _gradescope if system == "gradescope-csv" else _canvas if system == "canvas" else _moodle
    return Grades(
        rows=tuple(make(people, columns, points, scores)),
        unknown=tuple(each for each in learners if each not in people and each not in ambiguous),
        ambiguous=tuple(sorted(ambiguous)),
    )


def _canvas(
    people: dict[str, Person],
    columns: dict[str, str],
    points: dict[str, float],
    scores: dict[tuple[str, str], float],
) -> Iterator[tuple[Cell, ...]]:
    yield *CANVAS, *columns.values()
    yield "    Points Possible", "", "", "", "", *(points[item] for item in columns)
    for learner, person in people.items():
        yield *(person.get(name, "") for name in CANVAS), *(scores.get((learner, i)) for i in columns)


def _moodle(
    people: dict[str, Person],
    columns: dict[str, str],
    points: dict[str, float],
    scores: dict[tuple[str, str], float],
) -> Iterator[tuple[Cell, ...]]:
    known = [name for name in MOODLE if any(person.get(name) for person in people.values())]
    yield *known, *columns.values()
    for learner, person in people.items():
        yield *(person.get(name, "") for name in known), *(scores.get((learner, i)) for i in columns)


def _gradescope(
    people: dict[str, Person],
    columns: dict[str, str],
    points: dict[str, float],
    scores: dict[tuple[str, str], float],
) -> Iterator[tuple[Cell, ...]]:
    yield *GRADESCOPE, *(name for c in columns.values() for name in (c, f"{c} - Max Points"))
    for learner, person in people.items():
        cells = (cell for item in columns for cell in (scores.get((learner, item)), points[item]))
        yield *(person.get(name, "") for name in GRADESCOPE), *cells


def _alone(learner: str, system: System) -> Person:
    """Return what can be said of a learner without a roster: the name is what the system knows them by."""
    address = "@" in learner
    if system == "canvas":
        return {"Student": learner, "SIS Login ID": learner}
    if system == "moodle":
        return {"Email address" if address else "Username": learner}
    return {"Email" if address else "SID": learner}


def _matched(learners: Sequence[str], roster: Roster, system: System) -> tuple[dict[str, Person], set[str]]:
    """Return the person each learner is, and the learners of whom that cannot be said.

    Nobody gets a line that another learner may be, and whose own line is in
    doubt does not get one that is less like the name: a grade may be missing
    for a day, but not be given to somebody else.
    """
    found: dict[str, Person] = {}
    ambiguous: set[str] = set()
    taken: set[int] = set()  # lines, as the same may be there twice
    for is_same in (str.__eq__, _same_but_for_case, _same_but_for_the_domain):
        wanted: defaultdict[int, list[str]] = defaultdict(list)
        for learner in learners:
            if learner in found or learner in ambiguous:
                continue
            lines = _lines(learner.strip(), roster, system, is_same)
            if len(lines) == 1 and lines[0] not in taken:
                wanted[lines[0]].append(learner)
            elif lines:
                ambiguous.add(learner)
        for line, by in wanted.items():
            if len(by) == 1:
                found[by[0]] = roster.people[line]
            else:
                ambiguous.update(by)
        taken.update(wanted)
    return {learner: found[learner] for learner in learners if learner in found}, ambiguous


def _lines(learner: str, roster: Roster, system: System, is_same: Callable[[str, str], bool]) -> list[int]:
    """Return the lines that a learner may be, by the first column that has any."""
    for name in _NAMES[system]:
        lines = [n for n, person in enumerate(roster.people) if is_same(person.get(name, ""), learner)]
        if lines:
            return lines
    return []


def _same_but_for_case(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _same_but_for_the_domain(one: str, other: str) -> bool:
    """Whether one is an address and the other its first part; two domains are two people."""
    if ("@" in one) == ("@" in other):
        return False
    return _same_but_for_case(one.partition("@")[0], other.partition("@")[0])


def _column(item: str, title: str, roster: Roster | None) -> str:
    """Return the column of an exercise or quiz: the one the other system has already, or a new one."""
    for column in roster.header if roster is not None else ():
        if _OWN_NUMBER.sub("", column).casefold() in (item.casefold(), title.casefold()):
            return column
    return item
