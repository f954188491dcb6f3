"""The scores of a class as tables for the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from grader.cli.markdown import table
from grader.cli.text import Look, Screen, spans
from grader.judge.verdict import number
from grader.notebook.grades import Assignment, AssignmentResult, GradeState, Kind, Score, summaries, summed

NONE = "-"
_MARKDOWN = re.compile(r"[\\`*_$\[\]<>#|~-]")
_TURNS = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}  # they reorder the text beside them
_SINGLE = (Kind.FUNCTION, Kind.QUESTION, Kind.CELL)
_UNGRADED = (
    "This was handed in, but `nbgrader autograde` failed or has not been run. nbgrader's own export shows 0."
)
_DAMAGED = (
    "A notebook that cannot be read earns no points. If you get a whole file, replace it in submitted/ "
    "and run `nbgrader autograde` with --student and --force."
)


def by_learner(assignment: Assignment, page: Screen) -> Iterator[str]:
    """Yield a table with one row per learner: exercises, questions, total and state."""
    yield from _title(assignment, page)
    if not assignment.results:
        yield from _note("There are no learners yet.", page)
        return
    shown = [_columns(result) for result in assignment.results]
    names = [*dict.fromkeys(name for columns in shown for name in columns)]
    late = any(result.late_penalty for result in assignment.results)
    header = ["learner", *map(plain, names), *(["late"] if late else []), "total", "state"]
    rows = [
        [
            _who(result),
            *(_points(columns.get(name)) for name in names),
            *([number(-result.late_penalty) if result.late_penalty else NONE] if late else []),
            _out_of(result.score, result.max_score),
            _state(result),
        ]
        for result, columns in zip(assignment.results, shown, strict=True)
    ]
    yield from table(header, rows, page)
    yield from _open(assignment, page)
    yield from _unreadable(assignment, page)
    yield from _renamed(assignment, page)


def by_item(assignment: Assignment, kind: Kind, page: Screen) -> Iterator[str]:
    """Yield a table with one row per exercise, function or question."""
    yield from _title(assignment, page)
    totals = summaries(assignment, kind)
    if not totals:
        yield from _note(f"There are no {kind}s with scores.", page)
        return
    header = [kind.value, "mean", "graded", "all points", "open", "not submitted"]
    rows = [
        [plain(each.item), _out_of(each.mean, each.max_score)]
        + [str(count) for count in (each.graded, each.full, each.open, each.not_submitted)]
        for each in totals
    ]
    yield from table(header, rows, page)
    yield from _note("The mean counts only learners with a score.", page)


def plain(text: str) -> str:
    """Return a text of unknown origin as one line that neither a terminal nor Markdown interprets."""
    kept = (
        c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNS
    )
    return _MARKDOWN.sub(r"\\\g<0>", "".join(kept))


def _title(assignment: Assignment, page: Screen) -> Iterator[str]:
    due = f", due {assignment.due} UTC" if assignment.due else ""
    yield from page.lines(spans(f"**{plain(assignment.name)}**{due}"))


def _note(text: str, page: Screen) -> Iterator[str]:
    yield from page.lines(spans(text, Look.ITALIC))


def _who(result: AssignmentResult) -> str:
    learner = result.learner
    name = ", ".join(part for part in (learner.last_name, learner.first_name) if part)
    return plain(f"{learner.id} ({name})" if name else learner.id)


def _columns(result: AssignmentResult) -> dict[str, Score]:
    """Return a learner's columns: each exercise, the sum of all questions, the sum of all other cells."""
    columns = {score.item: score for score in result.of(Kind.EXERCISE)}
    for name, kind in (("questions", Kind.QUESTION), ("other cells", Kind.CELL)):
        if scores := result.of(kind):
            columns[name] = summed(kind, "", None, name, scores)
    return columns


def _points(score: Score | None) -> str:
    if score is None or score.status is GradeState.NOT_SUBMITTED:
        return NONE
    shown = _out_of(score.score, score.max_score)
    if score.score is None:
        return "by hand" if score.status is GradeState.BY_HAND else "not graded"
    return shown + {GradeState.BY_HAND: " (by hand)", GradeState.NOT_GRADED: " (in part)"}.get(
        score.status, ""
    )


def _out_of(score: float | None, best: float) -> str:
    return NONE if score is None else f"{number(score)}/{number(best)}"


def _state(result: AssignmentResult) -> str:
    if result.status is GradeState.NOT_SUBMITTED:
        return "not submitted"
    waiting = sum(score.status is GradeState.BY_HAND for score in result.of(*_SINGLE))
    failed = sum(score.status is GradeState.NOT_GRADED for score in result.of(*_SINGLE))
    notes = [f"{failed} not graded"] if failed else []
    notes += [f"{waiting} to grade by hand"] if waiting else []
    return ", ".join(notes) or "graded"


def _open(assignment: Assignment, page: Screen) -> Iterator[str]:
    """Yield the items that are not graded, each with its learners."""
    for status, title in ((GradeState.NOT_GRADED, "Not graded"), (GradeState.BY_HAND, "To grade by hand")):
        whose: dict[str, list[str]] = {}
        for result in assignment.results:
            for score in _highest(result, status):
                whose.setdefault(score, []).append(result.learner.id)
        if whose:
            yield ""
            yield from page.lines(spans(f"**{title}**"))
        for item, learners in whose.items():
            yield from page.lines(spans(f"{plain(item)}: {', '.join(map(plain, learners))}"), "- ", "  ")
        if whose and status is GradeState.NOT_GRADED:
            yield from _note(_UNGRADED, page)


def _unreadable(assignment: Assignment, page: Screen) -> Iterator[str]:
    """Yield the notebooks that cannot be read, each with its learner and the reason."""
    found = [
        (result.learner.id, *each) for result in assignment.results for each in result.unreadable.items()
    ]
    if not found:
        return
    yield ""
    yield from page.lines(spans("**Unreadable**"))
    for learner, notebook, problem in found:
        yield from page.lines(spans(f"{plain(notebook)}: {plain(learner)} ({plain(problem)})"), "- ", "  ")
    yield from _note(_DAMAGED, page)


def _renamed(assignment: Assignment, page: Screen) -> Iterator[str]:
    """Yield the notebooks that were submitted under another name, each with its learners and files."""
    whose: dict[str, list[str]] = {}
    for result in assignment.results:
        for notebook, file in result.other_names.items():
            whose.setdefault(notebook, []).append(f"{result.learner.id} ({file})")
    if whose:
        yield ""
        yield from page.lines(spans("**Submitted under another name**"))
    for notebook, learners in whose.items():
        yield from page.lines(spans(f"{plain(notebook)}: {', '.join(map(plain, learners))}"), "- ", "  ")
    if whose:
        yield from _note("Each file is graded as the notebook that it holds.", page)


def _highest(result: AssignmentResult, status: GradeState) -> Sequence[str]:
    """Return the items with this status. A notebook replaces its items if all of them have it."""
    by_notebook: dict[str, list[Score]] = {}
    for score in result.of(*_SINGLE):
        by_notebook.setdefault(score.notebook, []).append(score)
    items: list[str] = []
    for notebook, scores in by_notebook.items():
        those = [score for score in scores if score.status is status]
        if those and len(those) == len(scores) > 1:
            items.append(notebook)
        else:
            items += [f"{s.exercise}: {s.item}" if s.exercise else s.item for s in those]
    return items
