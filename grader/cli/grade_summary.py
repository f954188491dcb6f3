"""The summary that `course grade` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.classroom.results import RESULTS, FileNote, Status
from grader.classroom.store import GRADES
from grader.classroom.summary import ItemSummary, NotGraded, Summary
from grader.classroom.told import in_third_person
from grader.cli.text import Look, Screen, Span
from grader.judge.verdict import count, number
from grader.wording import first_of

SHOWN = 20  # per list; --json has all


def lines(summary: Summary, page: Screen) -> Iterator[str]:
    """Yield the lines of the summary."""
    yield from _left_out(summary, page)
    for group in summary.alike[:SHOWN]:
        yield from _listed("Different learners whose names look alike", group, page)
    for each in summary.namesakes[:SHOWN]:
        yield from page.lines([Span("Same name: ", Look.BOLD), Span(each.says)], "", "  ")
    for status, title in (
        (Status.GRADED, "Some of these answers do not count"),
        (Status.UNREADABLE, "Unreadable, so worth 0 points"),
        (Status.FAILED, "Not graded, not the learner's fault; --resume tries again"),
    ):
        yield from _problems([p for p in summary.problems if p.status is status], title, page)
    yield from _file_notes(summary.notes, page)
    for source, notes in (("Class file", summary.class_notes), ("Marks", summary.marks_notes)):
        for note in notes:
            yield from page.lines([Span(f"{source}: ", Look.BOLD), Span(f"{note}.")], "", "  ")
    if summary.nothing_from:
        yield from _listed("No gradable files from", summary.nothing_from, page)
    if summary.gone:
        yield from _listed("Dropped, because it no longer exists", summary.gone, page)
    for item in summary.items:
        yield from page.lines([Span(item.id, Look.BOLD), Span(f": {_item(item)}")], rest="  ")
    yield ""
    who = f"{count(summary.learners, 'learner')}, {count(summary.submissions, 'submission')}: "
    counts = [f"{summary.graded} graded"]
    counts += [f"{summary.unreadable} unreadable"] * bool(summary.unreadable)
    counts += [f"{summary.failed} failed"] * bool(summary.failed)
    text = f"{', '.join(counts)}; {count(summary.duplicates, 'duplicate')}, marked same_as."
    yield from page.lines([Span(who, Look.BOLD), Span(text)])
    for sentence in _notes(summary):
        yield from page.lines([Span(sentence)])
    yield from page.lines(
        [Span(f"Grades: {summary.output}/{GRADES}. Every verdict: {summary.output}/{RESULTS}")]
    )


def _item(item: ItemSummary) -> str:
    parts = [count(item.handed_in, "submission")]
    parts += [f"{count(item.decided, 'score')} decided"] * bool(item.decided)
    parts += [f"{item.excused} excused"] * bool(item.excused)
    differs = item.decided or item.excused or item.scores != item.handed_in
    of = f" ({count(item.scores, 'score')})" if differs else ""
    mean = "–" if item.mean is None else f"{item.mean:.2f}"
    return f"{', '.join(parts)}, mean {mean} of {number(item.max_score)}{of}"


def _notes(summary: Summary) -> Iterator[str]:
    if summary.kept or summary.anew or summary.torn:
        yield f"{count(summary.kept, 'result')} kept from earlier."
    if summary.anew:
        verb = "has" if len(summary.anew_why) == 1 else "have"
        yield f"{summary.anew} graded again, because {' and '.join(summary.anew_why)} {verb} changed."
    if summary.torn:
        yield f"{count(summary.torn, 'incomplete line')} dropped and graded again."
    yield f"{summary.seconds:.1f} s, {summary.per_minute:.0f} submissions per minute. Seed {summary.seed}."
    if not summary.confinement.walled:
        yield "The code ran unconfined: this machine has no sandbox."


def _left_out(summary: Summary, page: Screen) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for each in summary.left_out:
        by_reason.setdefault(each.why, []).append(each.file)
    for why, files in by_reason.items():
        yield from _listed(f"Left out, {why}", files, page)


def _listed(title: str, names: Sequence[str], page: Screen) -> Iterator[str]:
    yield from page.lines([Span(f"{title}:", Look.BOLD), Span(f" {first_of(names, SHOWN)}")], "", "  ")


def _problems(problems: Sequence[NotGraded], title: str, page: Screen) -> Iterator[str]:
    if not problems:
        return
    yield from page.lines([Span(f"{title}:", Look.BAD | Look.BOLD)])
    for problem in problems[:SHOWN]:
        about = f"{problem.learner}, {problem.item}: {_says(problem)}"
        yield from page.lines([Span(about)], "- ", "  ")
    if len(problems) > SHOWN:
        yield f"  and {len(problems) - SHOWN} more"


def _says(problem: NotGraded) -> str:
    """Return the problem as the instructor reads it. Learners are told all but failures of this machine."""
    if problem.status is Status.UNREADABLE:
        return in_third_person(problem.problem)
    return f"told the learner: {problem.problem}" if problem.status is Status.GRADED else problem.problem


def _file_notes(notes: Sequence[FileNote], page: Screen) -> Iterator[str]:
    if not notes:
        return
    yield from page.lines([Span("Notes on files:", Look.BOLD)])
    for each in notes[:SHOWN]:
        yield from page.lines([Span(f"{each.learner}, {each.item}: {each.note}")], "- ", "  ")
    if len(notes) > SHOWN:
        yield f"  and {len(notes) - SHOWN} more"
