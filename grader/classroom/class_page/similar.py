"""Identical and similar code; similar code stands side by side."""

from __future__ import annotations

from html import escape

from grader.classroom.class_page.markup import code, folded, joined, paragraph, percent, table
from grader.classroom.class_report import AlikeWork, ClassReport
from grader.classroom.side_by_side import Excerpt
from grader.judge.verdict import count

MOST_NAMES = 50  # of learners with identical code
MOST_PAIRS = 100
_NEARLY = "Nearly the same code from many; perhaps the usual solution, so they are not listed as pairs"


def similar_code(report: ClassReport) -> str:
    """Return the section on similar code; empty if there is none."""
    if not (report.same or report.alike or report.alike_groups):
        return ""
    alike = report.alike or ()
    rows = [(each.work, _names(each.learners), percent(each.share)) for each in report.same]
    groups = [(each.work, _names(each.learners)) for each in report.alike_groups]
    shown = [pair for pair in alike if pair.excerpts]
    others = [pair for pair in alike if not pair.excerpts]
    pairs = [(pair.work, pair.one, pair.other, percent(pair.share)) for pair in others[:MOST_PAIRS]]
    more = len(others) - len(pairs)
    identical = "Identical code; without points it is often the unchanged starter"
    similar = "Similar pairs, and the share of the shorter code that is also in the other"
    listed = table(similar, ("exercise", "one", "other", "share"), pairs, {"share"}) if pairs else ""
    return joined(
        paragraph("This is a reason to look, not a proof."),
        table(identical, ("exercise", "learners", "points"), rows, {"points"}) if rows else "",
        table(_NEARLY, ("exercise", "learners"), groups) if groups else "",
        "".join(map(_pair, shown)),
        folded(count(len(pairs), "other pair"), listed) if shown else listed,
        paragraph(f"{count(more, 'more pair')} in the JSON report.") if more else "",
    )


def _names(learners: tuple[str, ...]) -> str:
    names = ", ".join(learners[:MOST_NAMES])
    more = len(learners) - MOST_NAMES
    return f"{names} and {more} more" if more > 0 else names


def _pair(pair: AlikeWork) -> str:
    summary = f"{pair.work}: {pair.one} and {pair.other}, {pair.share:.0%} of the shorter code"
    both = zip((pair.one, pair.other), pair.excerpts, strict=True)
    sides = "".join(_side(name, excerpt) for name, excerpt in both)
    return folded(summary, f'<div class="pair">{sides}</div>')


def _side(learner: str, excerpt: Excerpt) -> str:
    width = len(str(excerpt.lines[-1].number)) if excerpt.lines else 0
    lines = "\n".join(
        f'<span class="quiet">{line.number:>{width}}</span> '
        + (f"<mark>{escape(line.text)}</mark>" if line.shared else escape(line.text))
        for line in excerpt.lines
    )
    missing = [f"{count(excerpt.given, 'line')} as in the starter or the solution"] * bool(excerpt.given)
    missing += [count(excerpt.left_out, "more line")] * bool(excerpt.left_out)
    left_out = f"Left out: {' and '.join(missing)}. " if missing else ""
    return joined(
        f"<div><h3>{escape(learner)}</h3>",
        paragraph(f"{left_out}Shared code is marked."),
        code(f"Code of {learner}", lines),
        "</div>",
    )
