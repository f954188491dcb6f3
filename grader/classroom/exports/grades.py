"""Export grades as tables for Canvas, Moodle and Gradescope.

Canvas: the gradebook's CSV (Canvas guides, "How do I import grades in the
Gradebook?"). Student, ID, SIS User ID, SIS Login ID and Section come first, in
this order, then one column per assignment; the second row is "Points Possible".
Moodle: any table with a column that names the user (MoodleDocs, "Grade
import"), or the grading worksheet of one assignment, of which every column is
kept. Gradescope: the columns of its own export of a course's grades.

An empty cell means that there is no grade, not 0 points: nothing was handed in,
or this machine could not grade it. Canvas deletes a score if its cell is empty,
so a cell without a grade keeps what the roster has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from grader.classroom.exports.incomplete import notes_on_worksheet, notes_without_roster
from grader.classroom.exports.matching import Match, match
from grader.classroom.exports.replaced import Replaced, notes_on_replaced
from grader.classroom.exports.roster import Key, Roster, System, place_of, same_text
from grader.classroom.exports.unmatched import notes_on_unmatched
from grader.classroom.owner import Owner
from grader.classroom.results import Result
from grader.errors import CourseError
from grader.files import Cell
from grader.judge.report import total

Known = Mapping[str, Owner | None]
_Person = Mapping[str, str | None]  # column -> text

TOTAL = "total"  # in place of an item: the sum of all work
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_CANVAS_MORE = ("Integration ID", "Root Account")  # before Section, if the gradebook has them
MOODLE = ("Identifier", "Full name", "First name", "Last name", "ID number", "Username", "Email address")
GRADESCOPE = ("First Name", "Last Name", "SID", "Email", "Sections")
_CANVAS_KEYS = (Key.NAME, Key.NUMBER, Key.SID, Key.LOGIN, Key.SECTION)
_GRADESCOPE_KEYS = (Key.FIRST, Key.LAST, Key.SID, Key.EMAIL, Key.SECTION)
_PEOPLE = (Key.NUMBER, Key.NAME, Key.FIRST, Key.LAST, Key.SID, Key.LOGIN, Key.EMAIL)
_MAX_POINTS = " - Max Points"
_MODIFIED = "Last modified (grade)"
# Canvas appends the assignment's number to its name, Moodle the kind of display
_SUFFIX = re.compile(r"\s*\([^()]*\)\s*$")


class Grades(Struct, frozen=True):
    """The rows of the file, the learners who are not in them, and notes for the instructor."""

    rows: tuple[tuple[Cell, ...], ...]
    unknown: tuple[str, ...]  # not in the roster
    ambiguous: tuple[str, ...]  # match several lines, or a line that may be another learner's
    found: dict[str, Match] = {}
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # notes on those who are not in the rows


class _Column(Struct, frozen=True):
    """The column of an exercise or quiz. `place` is None for a new one."""

    header: str
    place: int | None = None


class _Scores(Struct, frozen=True):
    """All grades: by learner and item, and the best per item."""

    items: tuple[str, ...]
    best: Mapping[str, float]
    given: Mapping[tuple[str, str], float]


def grades(
    results: Sequence[Result],
    system: System,
    titles: Mapping[str, str],
    roster: Roster | None = None,
    columns: Mapping[str, str] | None = None,
    without_work: Known | None = None,
    file: str = "the roster",
) -> Grades:
    """Return the table for a system. Raises CourseError if a column is ambiguous or missing.

    `titles` of exercises and quizzes identify their columns, unless `columns` names
    the header of an item. `without_work` are learners who have no result. `file` names the roster in notes.
    """
    known: dict[str, Owner | None] = {result.learner: result.owner for result in results}
    known = dict(sorted({**(without_work or {}), **known}.items()))
    items = tuple(sorted({result.item for result in results}))
    scores = _Scores(
        items,
        {item: max(result.max_score for result in results if result.item == item) for item in items},
        {(r.learner, r.item): r.score for r in results if r.counts},
    )
    if TOTAL in (columns or {}) and TOTAL not in items:
        scores = _with_total(scores, results)
    if roster is None:
        people = {learner: _alone(learner, owner, system) for learner, owner in known.items()}
        rows = _without_roster(people, system, scores, columns or {})
        return Grades(tuple(rows), (), (), notes=tuple(notes_without_roster(people, known, system)))
    placed = _placed(scores, titles, roster, system, columns or {})
    matches = match(known, roster, system)
    learners = {found.row: learner for learner, found in matches.found.items()}
    make = {"canvas": _canvas, "moodle": _moodle, "gradescope-csv": _gradescope}[system]
    return Grades(
        rows=tuple(make(roster, placed, scores, learners)),
        unknown=matches.unknown,
        ambiguous=matches.ambiguous,
        found=matches.found,
        notes=(
            *_notes(roster, placed, scores, system),
            *dict.fromkeys(_replaced(roster, placed, scores, learners)),  # the advice is given once
        ),
        left_out=tuple(notes_on_unmatched(matches, roster, system, known, file)),
    )


def _with_total(scores: _Scores, results: Sequence[Result]) -> _Scores:
    """Return the scores with the sum of all work. Work that was not handed in counts 0.

    Nobody gets a sum in which work is excused or could not be graded.
    """
    open_ = {result.learner for result in results if not result.counts}
    sums: dict[tuple[str, str], float] = {}
    for (learner, _), score in scores.given.items():
        if learner not in open_:
            sums[learner, TOTAL] = total((sums.get((learner, TOTAL), 0.0), score))
    best = {**scores.best, TOTAL: total(scores.best.values())}
    return _Scores((*scores.items, TOTAL), best, {**scores.given, **sums})


# --- with a roster ---


def _canvas(
    roster: Roster, columns: dict[str, _Column], scores: _Scores, learners: Mapping[int, str]
) -> Iterator[tuple[Cell, ...]]:
    more = [name for name in _CANVAS_MORE if name in roster.header]
    yield *CANVAS[:4], *more, CANVAS[4], *(column.header for column in columns.values())
    possible = (
        _kept(roster.points, column) if _has(roster.points, column) else scores.best[item]
        for item, column in columns.items()
    )
    yield "    Points Possible", *([""] * (len(more) + 4)), *possible
    for row, person in enumerate(roster.people):
        *first, section = (roster.of(person, key) for key in _CANVAS_KEYS)
        first[0] = first[0] or roster.name(person)
        others = (person[roster.header.index(name)] for name in more)
        yield *first, *others, section, *_cells(person, columns, scores, learners.get(row))


def _moodle(
    roster: Roster, columns: dict[str, _Column], scores: _Scores, learners: Mapping[int, str]
) -> Iterator[tuple[Cell, ...]]:
    places: list[int] = [*range(len(roster.header))]
    if not roster.is_worksheet:
        people = {roster.columns[key] for key in _PEOPLE if key in roster.columns}
        places = [n for n in places if n in people and any(person[n] for person in roster.people)]
    own = {column.place: item for item, column in columns.items() if column.place in places}
    new = {item: column for item, column in columns.items() if item not in own.values()}
    yield *(roster.header[n] for n in places), *(column.header for column in new.values())
    for row, person in enumerate(roster.people):
        cells = dict(zip(columns, _cells(person, columns, scores, learners.get(row)), strict=True))
        yield (
            *(cells[own[n]] if n in own else _text(person[n]) for n in places),
            *(cells[item] for item in new),
        )


def _gradescope(
    roster: Roster, columns: dict[str, _Column], scores: _Scores, learners: Mapping[int, str]
) -> Iterator[tuple[Cell, ...]]:
    yield *GRADESCOPE, *(name for c in columns.values() for name in (c.header, f"{c.header}{_MAX_POINTS}"))
    for row, person in enumerate(roster.people):
        cells = zip(_cells(person, columns, scores, learners.get(row)), scores.items, strict=True)
        yield (
            *(roster.of(person, key) for key in _GRADESCOPE_KEYS),
            *(cell for score, item in cells for cell in (score, scores.best[item])),
        )


def _cells(
    person: Sequence[str], columns: dict[str, _Column], scores: _Scores, learner: str | None
) -> Iterator[Cell]:
    """Yield the grades of one person. Where there is no grade, the roster's cell is kept."""
    for item, column in columns.items():
        score = None if learner is None else scores.given.get((learner, item))
        yield _kept(person, column) if score is None else score


def _has(row: Sequence[str], column: _Column) -> bool:
    return column.place is not None and column.place < len(row) and row[column.place] != ""


def _kept(row: Sequence[str], column: _Column) -> Cell:
    return _text(row[column.place]) if column.place is not None and _has(row, column) else None


def _text(text: str) -> Cell:
    """Return a cell of the roster. A negative number is a number, not a formula."""
    return float(text) if re.fullmatch(r"-\d+(\.\d+)?", text) else text


# --- columns ---


def _placed(
    scores: _Scores, titles: Mapping[str, str], roster: Roster, system: System, named: Mapping[str, str]
) -> dict[str, _Column]:
    if system == "moodle" and roster.is_worksheet:
        return _in_worksheet(scores, roster, named)
    placed: dict[str, _Column] = {}
    for item in scores.items:
        places = (
            [place_of(named[item], roster.header, "the roster")]
            if item in named
            else [*_places(item, titles.get(item, item), roster)]
        )
        if len(places) > 1:
            headers = " and ".join(roster.header[place] for place in places)
            raise CourseError(
                f"{headers} may both be the column of {item} — name one with --column {item}=HEADER"
            )
        placed[item] = _Column(roster.header[places[0]], places[0]) if places else _Column(item)
    used = [column.place for column in placed.values() if column.place is not None]
    if len({*used}) < len(used):
        raise CourseError("two exercises or quizzes have the same column — name others with --column")
    return placed


def _in_worksheet(scores: _Scores, roster: Roster, named: Mapping[str, str]) -> dict[str, _Column]:
    """Return the column of the one item that a worksheet is for."""
    if len(scores.items) > 1 and len(named) != 1:
        items = [item for item in scores.items if item != TOTAL]
        grade = roster.header[roster.columns[Key.GRADE]]
        raise CourseError(
            f"the worksheet is for one assignment, but there are grades for {', '.join(items)} — give one "
            f"--column: --column {items[0]}={grade} for one of them, --column {TOTAL}={grade} for their sum"
        )
    item = next(iter(named), scores.items[0])
    place = place_of(named[item], roster.header, "the roster") if named else roster.columns[Key.GRADE]
    return {item: _Column(roster.header[place], place)}


def _places(item: str, title: str, roster: Roster) -> Iterator[int]:
    """Yield the places of the columns with this id or title, without regard to case and signs."""
    wanted = {same_text(item), same_text(title)} - {""}
    for place, header in enumerate(roster.header):
        if place in roster.columns.values() or "read only" in "".join(roster.points[place : place + 1]):
            continue
        short = _SUFFIX.sub("", header)
        if wanted & {same_text(header), same_text(short), same_text(short.partition(": ")[2])}:
            yield place


def _notes(roster: Roster, columns: Mapping[str, _Column], scores: _Scores, system: System) -> Iterator[str]:
    for item, column in columns.items():
        if column.place is None:
            yield (
                f"{item}: the roster has no such column, so {column.header} is a new one; to use an existing "
                f"column, add --column {item}=HEADER"
            )
            continue
        best = _maximum(roster, column, system)
        if best is not None and best != scores.best[item]:
            yield (
                f"{item}: {column.header} has {best:g} points there, but {scores.best[item]:g} here; the "
                "scores are not rescaled"
            )
    if "Identifier" in roster.header and roster.is_worksheet and _MODIFIED not in roster.header:
        yield f"Moodle refuses a worksheet without the column “{_MODIFIED}”, so download it again"
    if system == "moodle":
        yield from notes_on_worksheet(roster)
    for item in scores.items:
        if item not in columns and TOTAL not in columns:
            yield f"{item}: the worksheet is for {' and '.join(columns)}; left out"


def _replaced(
    roster: Roster, columns: Mapping[str, _Column], scores: _Scores, learners: Mapping[int, str]
) -> Iterator[str]:
    """Yield notes on grades of the roster that are replaced by others."""
    for item, column in columns.items():
        cells = [
            Replaced(learner, roster.people[row][column.place], score)
            for row, learner in learners.items()
            if column.place is not None and (score := scores.given.get((learner, item))) is not None
        ]
        yield from notes_on_replaced(item, column.header, cells)


def _maximum(roster: Roster, column: _Column, system: System) -> float | None:
    """Return the points that the other system gives for a column; None if the roster does not tell."""
    texts: list[str] = []
    if system == "canvas":
        texts = [*roster.points[column.place : (column.place or 0) + 1]]
    elif system == "moodle":
        texts = [roster.of(person, Key.MAXIMUM) for person in roster.people[:1]]
    elif f"{column.header}{_MAX_POINTS}" in roster.header:
        place = roster.header.index(f"{column.header}{_MAX_POINTS}")
        texts = [person[place] for person in roster.people[:1]]
    try:
        return float(texts[0].replace(",", ".")) if texts and texts[0] else None
    except ValueError:
        return None


# --- without a roster ---


def _without_roster(
    people: Mapping[str, _Person], system: System, scores: _Scores, named: Mapping[str, str]
) -> Iterator[tuple[Cell, ...]]:
    """Yield a row per learner, under what their own system says of them, or under the learner's name."""
    headers = [named.get(item, item) for item in scores.items]
    grade = {learner: [scores.given.get((learner, item)) for item in scores.items] for learner in people}
    if system == "canvas":
        yield *CANVAS, *headers
        yield "    Points Possible", "", "", "", "", *(scores.best[item] for item in scores.items)
        for learner, person in people.items():
            yield *(person.get(name, "") for name in CANVAS), *grade[learner]
    elif system == "moodle":
        used = [name for name in MOODLE if any(person.get(name) for person in people.values())]
        yield *used, *headers
        for learner, person in people.items():
            yield *(person.get(name, "") for name in used), *grade[learner]
    else:
        yield *GRADESCOPE, *(name for each in headers for name in (each, f"{each}{_MAX_POINTS}"))
        for learner, person in people.items():
            cells = zip(grade[learner], scores.items, strict=True)
            yield (
                *(person.get(name, "") for name in GRADESCOPE),
                *(cell for score, item in cells for cell in (score, scores.best[item])),
            )


def _alone(learner: str, owner: Owner | None, system: System) -> _Person:
    """Return a person without a roster. A learner's name is the only id if no system says more."""
    if owner is None or owner.lms == "nbgrader":
        address = "@" in learner
        if system == "canvas":
            return {"Student": learner, "SIS Login ID": learner}
        if system == "moodle":
            return {"Email address" if address else "Username": learner}
        return {"Email" if address else "SID": learner}
    number = owner.number if owner.lms == system.partition("-")[0] else None
    if system == "canvas":
        name = owner.name or learner
        return {"Student": name, "ID": number, "SIS User ID": owner.sid, "SIS Login ID": owner.login}
    if system == "moodle":
        person = {"Full name": owner.name or learner, "ID number": owner.sid, "Username": owner.login}
        return {**person, "Identifier": number and f"Participant {number}", "Email address": owner.email}
    first, _, last = (owner.name or learner).rpartition(" ")
    return {"First Name": first, "Last Name": last, "SID": owner.sid, "Email": owner.email}
