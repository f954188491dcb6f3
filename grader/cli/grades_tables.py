"""The scores of a class as tables for the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from grader.cli.markdown import table
from grader.cli.text import Look, Screen, runs
from grader.judge.verdict import number
from grader.notebook.grades import Assignment, AssignmentResult, GradeState, Kind, Score, summaries, summed

NONE = "-"
_MARKDOWN = re.compile(r"[\\`*_$\[\]<>#|~-]")
_TURNS = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}  # they reorder what stands beside them
_SINGLE = (Kind.FUNCTION, Kind.QUESTION, Kind.CELL)
_UNGRADED = (
    "This was handed in, but `nbgrader autograde` failed or has not been run. Its own export shows 0 there."
)


def by_learner(assignment: Assignment, page: Screen) -> Iterator[str]:
    """Yield a line for each learner: exercises, questions, total, and what is open."""
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


def by_item(assignment: Assignment, kind: Kind, page: Screen) -> Iterator[str]:
    """Yield a line for each exercise, function or question: how the class did."""
    yield from _title(assignment, page)
    found = summaries(assignment, kind)
    if not found:
        yield from _note(f"There are no {kind}s with scores.", page)
        return
    header = [kind.value, "mean", "graded", "all points", "open", "not submitted"]
    rows = [
        [plain(each.item), _out_of(each.mean, each.max_score)]
        + [str(count) for count in (each.graded, each.full, each.open, each.not_submitted)]
        for each in found
    ]
    yield from table(header, rows, page)
    yield from _note("The mean is of those who have a score.", page)


def plain(text: str) -> str:
    """Return a text of unknown origin in one line, with nothing in it that a terminal or Markdown obeys."""
    kept = (
        c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNS
    )
    return _MARKDOWN.sub(r"\\\g<0>", "".join(kept))


def _title(assignment: Assignment, page: Screen) -> Iterator[str]:
    due = f", due {assignment.due} UTC" if assignment.due else ""
    yield from page.lines(runs(f"**{plain(assignment.name)}**{due}"))


def _note(text: str, page: Screen) -> Iterator[str]:
    yield from page.lines(runs(text, Look.ITALIC))


def _who(result: AssignmentResult) -> str:
    learner = result.learner
    name = ", ".join(part for part in (learner.last_name, learner.first_name) if part)
    return plain(f"{learner.id} ({name})" if name else learner.id)


def _columns(result: AssignmentResult) -> dict[str, Score]:
    """Return what is shown of a learner: each exercise, all questions, and what else is graded."""
    found = {score.item: score for score in result.of(Kind.EXERCISE)}
    for name, kind in (("questions", Kind.QUESTION), ("other cells", Kind.CELL)):
        if scores := result.of(kind):
            found[name] = summed(kind, "", None, name, scores)
    return found


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
    said = [f"{failed} not graded"] if failed else []
    said += [f"{waiting} to grade by hand"] if waiting else []
    return ", ".join(said) or "graded"


def _open(assignment: Assignment, page: Screen) -> Iterator[str]:
    """Yield what is not graded, and whose."""
    for status, title in (
        (GradeState.NOT_GRADED, "Not graded"),
        (GradeState.BY_HAND, "To grade by hand"),
    ):
        whose: dict[str, list[str]] = {}
        for result in assignment.results:
            for score in _highest(result, status):
                whose.setdefault(score, []).append(result.learner.id)
        if whose:
            yield ""
            yield from page.lines(runs(f"**{title}**"))
        for item, learners in whose.items():
            yield from page.lines(runs(f"{plain(item)}: {', '.join(map(plain, learners))}"), "- ", "  ")
        if whose and status is GradeState.NOT_GRADED:
            yield from _note(_UNGRADED, page)


def _highest(result: AssignmentResult, status: GradeState) -> Sequence[str]:
    """Return what has this status: whole notebooks where all of one has it."""
    found: dict[str, list[Score]] = {}
    for score in result.of(*_SINGLE):
        found.setdefault(score.notebook, []).append(score)
    said: list[str] = []
    for notebook, scores in found.items():
        those = [score for score in scores if score.status is status]
        if those and len(those) == len(scores) > 1:
            said.append(notebook)
        else:
            said += [f"{s.exercise}: {s.item}" if s.exercise else s.item for s in those]
    return said
