"""The table of what a regrade changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from shutil import get_terminal_size

from grader.classroom.changes import Change
from grader.cli.grades_tables import NONE, plain
from grader.cli.markdown import table
from grader.cli.text import Screen, spans
from grader.judge.verdict import count, number
from grader.notebook.regrading import ScoreChange


def changes_table(changes: Sequence[Change] | Sequence[ScoreChange], page: Screen) -> Iterator[str]:
    """Yield a row for each score that differs."""
    if not changes:
        yield "No score has changed."
        return
    yield from _by_test(changes, page)
    rows = [
        [*map(plain, (each.learner, each.item, each.test)), *_scores(each), plain(each.why)]
        for each in changes
    ]
    yield from table(["learner", "work", "test", "before", "after", "why"], rows, page)
    yield f"Changed for {count(len({each.learner for each in changes}), 'learner')}."


def wide(page: Screen) -> Screen:
    """Return a page for tables of a class, which may use the whole terminal."""
    return page._replace(width=max(page.width, get_terminal_size((page.width, 24)).columns))


def _by_test(changes: Sequence[Change] | Sequence[ScoreChange], page: Screen) -> Iterator[str]:
    """Yield a line for each test with the number of learners, if several changed in the same way."""
    alike = Counter((each.item, each.test, *_scores(each)) for each in changes)
    if len(alike) == len(changes):
        return
    for (item, test, before, after), learners in alike.items():
        line = f"{item}, {test}: {count(learners, 'learner')}, {before} → {after}"
        yield from page.lines(spans(plain(line)), "", "  ")
    yield ""


def _scores(change: Change | ScoreChange) -> tuple[str, str]:
    """Return the scores before and after, with the maximum if it has changed."""
    if isinstance(change, ScoreChange):
        return _score(change.before), _score(change.after)
    shows = None not in (change.of_before, change.of_after) and change.of_before != change.of_after
    return (
        _score(change.before, change.of_before if shows else None, change.excused_before),
        _score(change.after, change.of_after if shows else None, change.excused_after),
    )


def _score(score: float | None, of: float | None = None, excused: bool = False) -> str:
    if excused:
        return "excused"
    if score is None:
        return NONE
    return number(score) if of is None else f"{number(score)} of {number(of)}"
