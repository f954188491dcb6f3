"""The table of what a regrade changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from shutil import get_terminal_size

from grader.classroom.changes import Change
from grader.cli.grades_tables import NONE, plain
from grader.cli.markdown import table
from grader.cli.text import Screen
from grader.judge.verdict import number
from grader.notebook.regrading import ScoreChange


def changes_table(changes: Sequence[Change] | Sequence[ScoreChange], page: Screen) -> Iterator[str]:
    """Yield a row for each score that differs."""
    if not changes:
        yield "No score has changed."
        return
    rows = [
        [
            *map(plain, (each.learner, each.item, each.test)),
            _score(each.before),
            _score(each.after),
            plain(each.why),
        ]
        for each in changes
    ]
    yield from table(["learner", "work", "test", "before", "after", "why"], rows, page)
    count = len({each.learner for each in changes})
    yield f"Changed for {count} learner{'s' * (count != 1)}."


def wide(page: Screen) -> Screen:
    """Return a page for tables of a class, which may use the whole terminal."""
    return page._replace(width=max(page.width, get_terminal_size((page.width, 24)).columns))


def _score(score: float | None) -> str:
    return NONE if score is None else number(score)
