"""Marks for essays, in a table that `course export essays` writes and an instructor fills in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from grader.classroom.class_file import ClassFile
from grader.classroom.essays import handed_in
from grader.classroom.legible import legible
from grader.classroom.results import Mark, Place, Result
from grader.classroom.spreadsheet import checked_header, lines_of
from grader.content.problem import ContentError, Problem
from grader.files import Cell, as_typed
from grader.judge.verdict import count, number
from grader.quiz.result import QuestionResult
from grader.wording import SHOWN, first_of

HEADER = ("learner", "work", "question", "answer", "of", "points", "comment")
WANTED = "the table that `course export essays` wrote"
_NEEDED = ("learner", "work", "question", "points")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


class Marks(Struct, frozen=True):
    """The marks of a table, by the work that they are about, and notes for the instructor."""

    by_place: Mapping[Place, tuple[Mark, ...]] = {}
    notes: tuple[str, ...] = ()

    def of(self, result: Result) -> tuple[Mark, ...]:
        """Return the marks for a result. Those for the work of a group are for all members."""
        return self.by_place.get(result.place, ())


# --- writing ---


def rows(results: Iterable[Result]) -> list[tuple[Cell, ...]]:
    """Return a row for each essay that was handed in or marked, with the marks that it has.

    The rows are sorted by work, question and learner.
    """
    found: list[tuple[str, str, str, str, float, float | None, str | None]] = []
    for result, question in handed_in(results):
        mark = result.mark_for(question.id)
        if question.answer is not None or mark is not None:
            answer = legible(question.answer or "")
            given = (None, None) if mark is None else (mark.points, mark.comment or None)
            found.append((result.learner, result.item, question.id, answer, question.points, *given))
    return [*sorted(found, key=lambda row: (row[1], row[2], row[0]))]


# --- reading ---


class _Row(Struct, frozen=True):
    """A row of a table, as it was typed."""

    line: int
    learner: str
    work: str
    question: str
    answer: str
    points: str
    comment: str

    @property
    def essay(self) -> str:
        """The learner, the work and the question, to find the row in a spreadsheet."""
        return ", ".join(" ".join(each.split()) for each in (self.learner, self.work, self.question))


class _Refused(ValueError):
    """A row that cannot be used: what is wrong, and what to do."""


def read_marks(
    text: str, path: Path, results: Iterable[Result], file: ClassFile | None, learners: Iterable[str] = ()
) -> Marks:
    """Return the marks of a table. Rows without points are not marked yet.

    `results` are those of the quizzes, as the class file shares them among groups. `learners` are
    all of the class. Raises ContentError with all wrong rows.
    """
    works = _Works(results, file, learners)
    given: dict[Place, dict[str, Mark]] = {}
    lines: dict[tuple[Place, str], int] = {}
    problems: list[Problem] = []
    unmarked, changed = [], []
    for row in _rows(text, path):
        if not row.points:
            unmarked += [row.essay] * bool(row.comment)
            continue
        try:
            result, question = works.essay(row)
            mark = Mark(question.id, _points(row.points, question), row.comment)
            line = lines.setdefault((result.place, question.id), row.line)
            if line != row.line:
                raise _Refused(f"line {line} marks the same essay", "delete the points of one of them")
        except _Refused as refused:
            what, todo = refused.args
            problems.append(Problem(str(path), row.line, f"{row.essay}: {what}", todo))
            continue
        given.setdefault(result.place, {})[question.id] = mark
        changed += [row.essay] * (not _is_same_text(row.answer, question.answer or ""))
    if problems:
        raise ContentError(problems)
    notes = [
        *_noted("comments are not shown before the essays have points", unmarked),
        *_noted("the answers in the table are not those that were handed in, so read them again", changed),
    ]
    return Marks({place: tuple(marks.values()) for place, marks in given.items()}, tuple(notes))


def missing_marks(
    text: str, path: Path, results: Iterable[Result], file: ClassFile | None
) -> tuple[str, ...]:
    """Return the essays for which a table has points or a comment that the results do not have.

    Raises ContentError if the text is not such a table.
    """
    works = _Works(results, file, ())

    def is_held(row: _Row) -> bool:
        try:
            result, question = works.essay(row)
            mark = result.mark_for(question.id)
            same_points = not row.points or (mark and mark.points == _points(row.points, question))
            return bool(same_points) and (not row.comment or (mark and mark.comment) == row.comment)
        except _Refused:
            return False

    given = (row for row in _rows(text, path) if row.points or row.comment)
    return tuple(row.essay for row in given if not is_held(row))


def unmarked_note(results: Iterable[Result]) -> tuple[str, ...]:
    """Return a note if essays that were handed in have no points yet."""
    written = (each for each in handed_in(results) if each[1].answer is not None)
    points = [result.points_for(question.id) for result, question in written]
    left = points.count(None)
    have = "has" if left == 1 else "have"
    return (f"{left} of {count(len(points), 'essay')} {have} no points yet",) if left else ()


def _rows(text: str, path: Path) -> Iterator[_Row]:
    """Yield the rows of a table. Raises ContentError."""
    lines = lines_of(text, path, HEADER.__contains__)
    header = checked_header(lines, path, _NEEDED, HEADER)
    places = {name: header.index(name) for name in HEADER if name in header and name != "of"}
    for line, cells in lines[1:]:
        cells = [as_typed("\n".join(cell.splitlines())) for cell in cells]
        typed = {name: cells[place] for name, place in places.items() if place < len(cells)}
        yield _Row(line, **{name: typed.get(name, "") for name in HEADER if name != "of"})


class _Works:
    """Finds the work that a row is about."""

    def __init__(self, results: Iterable[Result], file: ClassFile | None, learners: Iterable[str]) -> None:
        self._items: set[str] = set()
        self._names = {*learners}
        self._exact: dict[tuple[str, str], dict[Place, Result]] = {}
        self._alike: dict[tuple[str, str], dict[Place, Result]] = {}
        for result in results:
            item = result.item
            names = {result.learner, result.handed_in_by or result.learner}
            names |= {*file.names_of(result.learner, item)} if file is not None else set()
            self._names |= names
            if result.answers is None:
                continue
            self._items.add(item)
            for name in names:
                self._exact.setdefault((as_typed(name), item), {})[result.place] = result
                self._alike.setdefault((_alike(name), item), {})[result.place] = result
        self._known = {_alike(name) for name in self._names}

    def essay(self, row: _Row) -> tuple[Result, QuestionResult]:
        """Return the work and the question of a row. Raises _Refused."""
        result = self._result(row)
        questions = result.answers.questions if result.answers is not None else ()
        essays = {each.id: each for each in questions if each.correct is None}
        if row.question not in essays:
            raise _Refused(f"{row.work} has no essay {row.question!r}", _choose(row.question, essays))
        return result, essays[row.question]

    def _result(self, row: _Row) -> Result:
        found = self._exact.get((row.learner, row.work))
        found = found or self._alike.get((_alike(row.learner), row.work), {})
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            names = " and ".join(sorted(each.learner for each in found.values()))
            raise _Refused(f"this may be {names}", "mark it in class.yaml")
        if _alike(row.learner) not in self._known:
            raise _Refused(f"there is no learner {row.learner!r}", _choose(row.learner, self._names))
        if row.work not in self._items:
            raise _Refused(f"there are no answers to a quiz {row.work!r}", _choose(row.work, self._items))
        raise _Refused(
            f"this learner has handed in no answers to {row.work}",
            "delete the points; `overrides` in class.yaml give points for other work",
        )


def _alike(name: str) -> str:
    """Return a name without what spreadsheets change: zeros before a number, and the case of TRUE."""
    folded = unicodedata.normalize("NFKC", as_typed(name)).casefold()
    return folded.lstrip("0") or "0" if folded.isdecimal() else folded


def _choose(unknown: str, known: Iterable[str]) -> str:
    names = sorted(known)
    if near := get_close_matches(unknown, names, n=1, cutoff=0.6):
        return f"did you mean {near[0]}?"
    if not names:
        return "delete the points"
    return f"use one of {', '.join(names[:SHOWN])}{', …' if len(names) > SHOWN else ''}"


def _points(text: str, question: QuestionResult) -> float:
    """Return the points of a cell, with a decimal point or comma. Raises _Refused."""
    typed = text.replace("\N{MINUS SIGN}", "-")
    most = number(question.points)
    if not _NUMBER.fullmatch(typed):
        todo = f"write a number from 0 to {most}, or nothing if the essay is not marked yet"
        raise _Refused(f"{text[:40]!r} is not a number of points", todo)
    points = float(typed.replace(",", ".")) or 0.0  # without the sign of "-0"
    if _THOUSANDS.fullmatch(typed) and points * 1000 <= question.points:
        raise _Refused(f"{text} may mean {number(points)} or {points * 1000:.0f}", "write it in another way")
    if points < 0:
        raise _Refused(f"{text} points are less than 0", f"write a number from 0 to {most}")
    if points > question.points:
        raise _Refused(f"{text[:40]} points are more than the essay is worth", f"write at most {most}")
    return points


def _is_same_text(one: str, other: str) -> bool:
    """Return True for the same answer, whatever a spreadsheet did to its spaces, quotes and accents."""
    letters = [[c for c in text.casefold() if c.isascii() and c.isalnum()] for text in (one, other)]
    return not one or letters[0] == letters[1]


def _noted(says: str, essays: list[str]) -> tuple[str, ...]:
    return (f"{says}: {first_of(essays, separator='; ')}",) if essays else ()
