"""Export grades as tables for Canvas, Moodle and Gradescope.

Canvas: the gradebook's CSV (Canvas guides, "How do I import grades in the
Gradebook?"). Student, ID, SIS User ID, SIS Login ID and Section come first, in
this order, then one column per assignment; the second row is "Points Possible".
Moodle: any table with a column that names the user (MoodleDocs, "Grade
import"). Gradescope: the columns of its own export of a course's grades.

An empty cell means that there is no grade, not 0 points: nothing was handed in,
or this machine could not grade it.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from grader.classroom.results import Result
from grader.errors import CourseError, EnvironmentProblem
from grader.files import Cell

System = Literal["canvas", "moodle", "gradescope-csv"]
Person = dict[str, str]

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = ("First name", "Last name", "ID number", "Username", "Email address")
GRADESCOPE = ("First Name", "Last Name", "SID", "Email", "Sections")
# columns that may hold the learner's name in our results, the least ambiguous first
_NAMES: dict[System, tuple[str, ...]] = {
    "canvas": ("SIS Login ID", "SIS User ID", "ID", "Student"),
    "moodle": ("Username", "Email address", "ID number"),
    "gradescope-csv": ("SID", "Email"),
}
_OWN_NUMBER = re.compile(r"\s*\(\d+\)$")  # Canvas appends the assignment's number to its name


class Grades(Struct, frozen=True):
    """The rows of the file, and the learners who are not in them."""

    rows: tuple[tuple[Cell, ...], ...]
    unknown: tuple[str, ...]  # not in the roster
    ambiguous: tuple[str, ...]  # match several lines, or a line that may be another learner's


class Roster(Struct, frozen=True):
    """The people of a course, as the other system exported them."""

    header: tuple[str, ...]
    people: tuple[Person, ...]


def read_roster(path: Path, system: System) -> Roster:
    """Read a CSV that the other system exported. Raises CourseError, EnvironmentProblem."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            table = [row for row in lines if any(cell.strip() for cell in row)]
    except FileNotFoundError:
        raise CourseError(f"there is no {path} — name the roster that {system} exported") from None
    except UnicodeDecodeError:
        raise CourseError(
            f"{path} is not UTF-8 text — export it again as CSV, or save it as “CSV UTF-8” in a spreadsheet"
        ) from None
    except csv.Error:  # the only error of a lenient reader
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
    # rows such as "Points Possible" have no id
    return Roster(header, tuple(person for person in people if _is_somebody(person, names)))


def _is_somebody(person: Person, names: Sequence[str]) -> bool:
    if person.get("Student", "").startswith(("Points Possible", "Student, Test")):
        return False
    return any(person.get(name) for name in names)


def grades(
    results: Sequence[Result], system: System, titles: Mapping[str, str], roster: Roster | None = None
) -> Grades:
    """Return the table for a system. `titles` of exercises and quizzes identify their columns."""
    learners = sorted({result.learner for result in results})
    people = {learner: _alone(learner, system) for learner in learners}
    ambiguous: set[str] = set()
    if roster is not None:
        people, ambiguous = _matched(learners, roster, system)
    items = sorted({result.item for result in results})
    points = {item: max(result.max_score for result in results if result.item == item) for item in items}
    scores = {(result.learner, result.item): result.score for result in results if result.counts}
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
    """Return a person without a roster: the learner's name is taken as the id in the system."""
    address = "@" in learner
    if system == "canvas":
        return {"Student": learner, "SIS Login ID": learner}
    if system == "moodle":
        return {"Email address" if address else "Username": learner}
    return {"Email" if address else "SID": learner}


def _matched(learners: Sequence[str], roster: Roster, system: System) -> tuple[dict[str, Person], set[str]]:
    """Return learner -> person, and the learners whose line is ambiguous.

    A line that may belong to two learners is given to neither. A learner with
    several candidates does not get a less similar line instead. A missing grade
    can be added later; a grade must never go to somebody else.
    """
    matched: dict[str, Person] = {}
    ambiguous: set[str] = set()
    taken: set[int] = set()  # numbers of lines, because equal lines may occur
    for is_same in (str.__eq__, _same_but_for_case, _same_but_for_the_domain):
        wanted: defaultdict[int, list[str]] = defaultdict(list)
        for learner in learners:
            if learner in matched or learner in ambiguous:
                continue
            lines = _lines(learner.strip(), roster, system, is_same)
            if len(lines) == 1 and lines[0] not in taken:
                wanted[lines[0]].append(learner)
            elif lines:
                ambiguous.add(learner)
        for line, by in wanted.items():
            if len(by) == 1:
                matched[by[0]] = roster.people[line]
            else:
                ambiguous.update(by)
        taken.update(wanted)
    return {learner: matched[learner] for learner in learners if learner in matched}, ambiguous


def _lines(learner: str, roster: Roster, system: System, is_same: Callable[[str, str], bool]) -> list[int]:
    """Return the lines that match a learner in the first column with any match."""
    for name in _NAMES[system]:
        lines = [n for n, person in enumerate(roster.people) if is_same(person.get(name, ""), learner)]
        if lines:
            return lines
    return []


def _same_but_for_case(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _same_but_for_the_domain(one: str, other: str) -> bool:
    """Return True if one is an email address and the other is its local part."""
    if ("@" in one) == ("@" in other):
        return False
    return _same_but_for_case(one.partition("@")[0], other.partition("@")[0])


def _column(item: str, title: str, roster: Roster | None) -> str:
    """Return the column of an exercise or quiz: the existing one of the roster, or a new one."""
    for column in roster.header if roster is not None else ():
        if _OWN_NUMBER.sub("", column).casefold() in (item.casefold(), title.casefold()):
            return column
    return item
