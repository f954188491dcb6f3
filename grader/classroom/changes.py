"""What differs between two runs over the same class: who, which test, before, after, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from grader.classroom.results import AdjustmentKind, Result, RunRecord, Status

TOTAL = "final score"
_TESTS = ("hidden_tests.py", "visible_tests.py")


class Run(Struct, frozen=True):
    """One run: its options and its results."""

    record: RunRecord
    results: tuple[Result, ...]


class Change(Struct, frozen=True):
    """A score that differs. `test` is a test, a question, or TOTAL; None: there was no score.

    A TOTAL has the maximum scores, and says if the work is excused.
    """

    learner: str
    item: str
    test: str
    before: float | None
    after: float | None
    why: str
    of_before: float | None = None
    of_after: float | None = None
    excused_before: bool = False
    excused_after: bool = False


def changes(before: Run, after: Run) -> tuple[Change, ...]:
    """Return all scores that differ, sorted by learner and item."""
    old = {(each.learner, each.item): each for each in before.results}
    new = {(each.learner, each.item): each for each in after.results}
    found: list[Change] = []
    for place in sorted(old.keys() | new.keys()):
        found += _changes(place, old.get(place), new.get(place), before.record, after.record)
    return tuple(found)


def _changes(
    place: tuple[str, str], old: Result | None, new: Result | None, was: RunRecord, now: RunRecord
) -> Iterator[Change]:
    why = _why(place[1], old, new, was, now)
    parts, others = _parts(old), _parts(new)
    if old is not None and new is not None:
        for test in dict.fromkeys((*parts, *others)):
            if parts.get(test) != others.get(test):
                yield Change(*place, test, parts.get(test), others.get(test), why)
    final, other = _final(old), _final(new)
    best, most = _best(old), _best(new)
    if final != other or (old is None) != (new is None) or best != most:
        same = old is not None and new is not None and old.raw == new.raw and best == most
        told = _why_final(old, new, was, now) if same else why
        excused = (_is_excused(old), _is_excused(new))
        yield Change(*place, TOTAL, final, other, told, best, most, *excused)


def _best(result: Result | None) -> float | None:
    return None if result is None else result.max_score


def _is_excused(result: Result | None) -> bool:
    return result is not None and result.excused


def _parts(result: Result | None) -> dict[str, float]:
    if result is None:
        return {}
    if result.report is not None:
        return {test.id: test.score for test in result.report.tests}
    questions = result.answers.questions if result.answers is not None else ()
    return {question.id: question.score for question in questions}


def _final(result: Result | None) -> float | None:
    return result.score if result is not None and result.counts else None


def _why(item: str, old: Result | None, new: Result | None, was: RunRecord, now: RunRecord) -> str:
    if old is None or new is None:
        if was.class_text != now.class_text and Status.GIVEN in [r.status for r in (old, new) if r]:
            return "class file changed"
        return "new" if old is None else "no longer there"
    if (
        was.class_text != now.class_text
        and (old.handed_in_by or new.handed_in_by)
        and _is_regrouped(old, new)
    ):
        return "class file changed"
    if old.source != new.source or old.file != new.file:
        return "work changed"
    versions = [{**run.exercises, **run.quizzes}.get(item) for run in (was, now)]
    if versions[0] != versions[1]:
        return _version_why(item, was, now)
    if was.environment != now.environment:
        return "machine changed"
    return "graded again"


def _is_regrouped(old: Result, new: Result) -> bool:
    """Return True if a group was added, changed or removed, so that other work counts."""
    groups = [[a.says for a in each.adjustments if a.kind is AdjustmentKind.GROUP] for each in (old, new)]
    return groups[0] != groups[1]


def _version_why(item: str, was: RunRecord, now: RunRecord) -> str:
    if item in now.quizzes:
        return "quiz changed"
    old, new = was.files.get(item, {}), now.files.get(item, {})
    files = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    kind = "test changed" if files and all(name in _TESTS for name in files) else "exercise changed"
    return f"{kind}: {', '.join(files)}" if files else kind


def _why_final(old: Result | None, new: Result | None, was: RunRecord, now: RunRecord) -> str:
    marks = [result.marks for result in (old, new) if result is not None]
    causes = ["class file"] * (was.class_text != now.class_text)
    causes += ["marks"] * (was.marks_text != now.marks_text and marks[0] != marks[-1])
    if causes:
        return f"{' and '.join(causes)} changed"
    if old is not None and new is not None and old.submitted != new.submitted:
        return "time changed"
    return "group's work changed"


def steps(runs: Sequence[Run]) -> Iterator[tuple[Run, tuple[Change, ...]]]:
    """Yield each run but the first, with what changed since the one before."""
    for before, after in pairwise(runs):
        yield after, changes(before, after)
