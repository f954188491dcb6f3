"""The end of grading a class: what came out, what did not, and where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.classroom.results import RESULTS, Status
from grader.classroom.store import GRADES
from grader.classroom.summary import NotGraded, Summary
from grader.cli.text import Look, Run, Screen
from grader.judge.verdict import number

SHOWN = 20  # of one kind; --json has them all


def lines(found: Summary, page: Screen) -> Iterator[str]:
    """Yield what an instructor reads."""
    yield from _left_out(found, page)
    for status, title in (
        (Status.GRADED, "Not all of these answers count"),
        (Status.UNREADABLE, "Not readable, and so worth nothing"),
        (Status.FAILED, "Not graded, through no fault of the learner; --resume tries again"),
    ):
        yield from _problems([p for p in found.problems if p.status is status], title, page)
    if found.nothing_from:
        yield from _listed("Nothing to grade from", found.nothing_from, page)
    if found.gone:
        yield from _listed("Dropped, because it is not there any more", found.gone, page)
    for item in found.items:
        mean = "–" if item.mean is None else f"{item.mean:.2f}"
        text = f": {_of(item.handed_in, 'submission')}, mean {mean} of {number(item.max_score)}"
        yield from page.lines([Run(item.id, Look.BOLD), Run(text)], rest="  ")
    yield ""
    handed_in = found.graded + found.unreadable + found.failed
    who = f"{_of(found.learners, 'learner')}, {_of(handed_in, 'submission')}: "
    counts = [f"{found.graded} graded"]
    counts += [f"{found.unreadable} unreadable"] * bool(found.unreadable)
    counts += [f"{found.failed} failed"] * bool(found.failed)
    text = f"{', '.join(counts)}; {_of(found.duplicates, 'duplicate')}, marked same_as."
    yield from page.lines([Run(who, Look.BOLD), Run(text)])
    for sentence in _went(found):
        yield from page.lines([Run(sentence)])
    yield from page.lines([Run(f"Grades: {found.output}/{GRADES}. Every verdict: {found.output}/{RESULTS}")])


def _went(found: Summary) -> Iterator[str]:
    if found.kept or found.anew or found.torn:
        yield f"{_of(found.kept, 'result')} kept from before."
    if found.anew:
        yield f"{found.anew} graded anew: the code, the exercise or this machine has changed."
    if found.torn:
        yield f"{_of(found.torn, 'torn line')} dropped, and graded again."
    yield f"{found.seconds:.1f} s, {found.per_minute:.0f} submissions a minute. Seed {found.seed}."
    if not found.confinement.walled:
        yield "The code ran unconfined: this machine has no sandbox."


def _left_out(found: Summary, page: Screen) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for each in found.left_out:
        by_reason.setdefault(each.why, []).append(each.file)
    for why, files in by_reason.items():
        yield from _listed(f"Left out, {why}", files, page)


def _listed(title: str, names: Sequence[str], page: Screen) -> Iterator[str]:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    yield from page.lines([Run(f"{title}:", Look.BOLD), Run(f" {', '.join(names[:SHOWN])}{more}")], "", "  ")


def _problems(problems: Sequence[NotGraded], title: str, page: Screen) -> Iterator[str]:
    if not problems:
        return
    yield from page.lines([Run(f"{title}:", Look.BAD | Look.BOLD)])
    for problem in problems[:SHOWN]:
        about = f"{problem.learner}, {problem.item}: {problem.problem}"
        yield from page.lines([Run(about)], "- ", "  ")
    if len(problems) > SHOWN:
        yield f"  and {len(problems) - SHOWN} more"


def _of(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
