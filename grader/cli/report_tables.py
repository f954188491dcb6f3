"""The report on a class for terminals and pipes: the order of the page, and the first of each part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from grader.classroom.class_report import CellKind, ClassReport, ClassTable, Row, Work
from grader.classroom.class_table import cell_words
from grader.classroom.item_analysis import Item, bin_labels
from grader.classroom.item_reading import reading, reliability
from grader.classroom.report_notes import notes
from grader.cli.markdown import table
from grader.cli.text import Look, Screen, spans
from grader.judge.verdict import count

NONE = "-"
BAR = 20  # columns of the longest bar
MOST_ROWS = 20
MOST_HELP = 10
MOST_ASKED = 20
MOST_ESSAYS = 20
MOST_IDEAS = 8
MOST_TESTS = 10
MOST_PAIRS = 10
MOST_NOTES = 10
MOST_GROUPS = 10

_ABOUT_ANSWERS = (
    "Answers about own code give no points. A wrong one is a reason to talk about the code, no more. "
    "In brackets: the 95% interval."
)
_ABOUT_ESSAYS = (
    "Give points in the table of `course export essays` or with `marks` in class.yaml, then grade again."
)


def tables(report: ClassReport, page: Screen) -> Iterator[str]:
    """Yield the lines of `course report`."""
    mean = report.shares.mean
    average = "" if mean is None else f", {mean:.0%} of the points on average"
    yield from _title(f"{count(report.learners, 'learner')}{average}", page)
    for note in notes(replace(report, stopped=None)):  # the command says it apart from the report
        yield from page.lines(spans(note, Look.ITALIC))
    yield ""
    yield from _class_table(report.table, page)
    yield from _needs_help(report, page)
    yield from _own_code(report, page)
    yield from _essays(report, page)
    yield from _misconceptions(report, page)
    yield from _groups(report, page)
    for work in report.works:
        yield from _items(work, page)
    for work in report.works:
        yield from _distribution(work, page)
    yield from _same_and_alike(report, page)
    yield from _file_notes(report, page)


def _class_table(shown: ClassTable, page: Screen) -> Iterator[str]:
    if not shown.columns:
        return
    yield from _title("Learners, and what is not right yet", page)
    for row in shown.rows[:MOST_ROWS]:
        wrong = "; ".join(_not_right(shown, row)) or "everything is right"
        line = f"{plain(row.learner)}: {plain(wrong)}"
        yield from page.lines(spans(line), f"{percent(row.share):>4}  ", "      ")
    yield from _more(len(shown.rows) - MOST_ROWS, "learners", page)
    yield ""


def _not_right(shown: ClassTable, row: Row) -> Iterator[str]:
    """Yield each function that is not right. Functions of a work that share a reason are one."""
    cells = zip(shown.columns, row.cells, strict=True)
    for work, own in groupby(cells, key=lambda pair: pair[0].work):
        pairs = list(own)
        words = {cell_words(cell) for _, cell in pairs}
        if len(words) == 1 and pairs[0][1].kind is CellKind.RIGHT:
            continue
        reasons = {reason or result for result, reason in words}
        if len(pairs) > 1 and len(reasons) == 1:
            yield f"{work} {reasons.pop()}"
            continue
        for column, cell in pairs:
            if cell.kind is not CellKind.RIGHT:
                result, reason = cell_words(cell)
                yield f"{column.function or work} {result}" + (f" ({reason})" if reason else "")


def _needs_help(report: ClassReport, page: Screen) -> Iterator[str]:
    if not report.needs_help:
        return
    yield from _title("Who needs help first", page)
    for each in report.needs_help[:MOST_HELP]:
        yield from page.lines(spans(f"{plain(each.learner)}: {plain('; '.join(each.reasons))}"), "- ", "  ")
    yield from _more(len(report.needs_help) - MOST_HELP, "learners", page)
    yield ""


def _own_code(report: ClassReport, page: Screen) -> Iterator[str]:
    if not report.own_code:
        return
    yield from _title("Passes, and answered about the code", page)
    for each in report.own_code[:MOST_ASKED]:
        line = f"{each.learner}, {each.work}: passes {each.passed} of {each.functions} functions, "
        line += f"answered {each.right} of {each.asked} ({each.low:.0%} to {each.high:.0%})"
        yield from page.lines(spans(plain(line)), "- ", "  ")
    yield from _more(len(report.own_code) - MOST_ASKED, "learners", page)
    yield from page.lines(spans(_ABOUT_ANSWERS, Look.ITALIC))
    yield ""


def _essays(report: ClassReport, page: Screen) -> Iterator[str]:
    for essay in report.essays:
        yield from _title(f"Essay {essay.question} of {essay.work}, {essay.points:g} points", page)
        for each in essay.answers[:MOST_ESSAYS]:
            points = "no points yet" if each.points is None else f"{each.points:g} points"
            line = f"{each.learner} ({points}): {' '.join(each.text.split())}"
            yield from page.lines(spans(plain(line)), "- ", "  ")
        yield from _more(len(essay.answers) - MOST_ESSAYS, "answers", page)
        yield from page.lines(spans(_ABOUT_ESSAYS, Look.ITALIC))
        yield ""


def _misconceptions(report: ClassReport, page: Screen) -> Iterator[str]:
    if not report.misconceptions:
        return
    yield from _title("Misconceptions", page)
    for each in report.misconceptions[:MOST_IDEAS]:
        where = [f"{each.in_quizzes} in quizzes"] * bool(each.in_quizzes)
        where += [f"{each.in_code} in code"] * bool(each.in_code)
        share = f"{each.learners} of {each.took} ({each.learners / each.took:.0%})"
        yield from page.lines(spans(f"{share}: {each.belief} ({', '.join(where)})"), "- ", "  ")
    yield from _more(len(report.misconceptions) - MOST_IDEAS, "misconceptions", page)
    yield ""


def _groups(report: ClassReport, page: Screen) -> Iterator[str]:
    if not report.groups:
        return
    yield from _title("Wrong answers that no known mistake explains", page)
    rows = [
        [g.id, g.work, g.function, str(len(g.learners)), g.learners[0], g.says or NONE]
        for g in report.groups[:MOST_GROUPS]
    ]
    yield from table(["group", "exercise", "function", "learners", "example", "your sentence"], rows, page)
    yield from _more(len(report.groups) - MOST_GROUPS, "groups", page)
    yield ""


def _items(work: Work, page: Screen) -> Iterator[str]:
    """Yield the functions or questions of a work, and its tests that need a look."""
    if not work.items:
        return
    kind = "question" if work.kind == "quiz" else "function"
    yield from _title(f"{kind.capitalize()}s of {work.id}", page)
    yield from _item_table(kind, work.items if work.kind == "quiz" else work.functions, page)
    unclear = [item for item in work.items if reading(item).check]
    if unclear and work.kind != "quiz":
        yield from page.lines(spans(f"Tests of {work.id} to check"))
        for item in unclear[:MOST_TESTS]:
            says = f"{item.title} ({item.full} of {item.count} right) {reading(item).says}"
            yield from page.lines(spans(says), "- ", "  ")
        yield from _more(len(unclear) - MOST_TESTS, "tests", page)
        yield ""


def _item_table(kind: str, shown: Sequence[Item], page: Screen) -> Iterator[str]:
    rows = [[f"`{i.id}`", f"{i.full} of {i.count}", reading(i).says] for i in shown]
    yield from table([kind, "right", "reading"], rows, page)
    yield ""


def _distribution(work: Work, page: Screen) -> Iterator[str]:
    yield from _title(f"{work.id} ({work.kind})", page)
    counts = {"graded": work.graded, "unreadable": work.unreadable}
    counts |= {
        "not graded": work.failed,
        "nothing handed in": work.missing,
        "given by class.yaml": work.given,
    }
    yield from page.lines(
        spans(", ".join(f"{n} {name}" for name, n in counts.items() if n or name == "graded"))
    )
    shares = work.shares
    if shares.count:
        line = f"Points: mean {percent(shares.mean)}, median {percent(shares.median)}"
        line += f", standard deviation {percent(shares.sd)}, of {work.points:g}"
        yield from page.lines(spans(line))
        yield from page.lines(spans(f"Reliability (Cronbach's alpha): {reliability(work.alpha)}"))
        yield from _histogram(shares.bins)
    yield ""


def _histogram(bins: Sequence[int]) -> Iterator[str]:
    most = max(bins)
    for label, learners in zip(bin_labels(bins), bins, strict=True):
        bar = "#" * round(BAR * learners / most) if most else ""
        yield f"  {label:>7}  {learners:>4}  {bar}".rstrip()


def _same_and_alike(report: ClassReport, page: Screen) -> Iterator[str]:
    if report.same or report.alike or report.alike_groups:
        yield from _title("Similar code (a reason to look, not proof)", page)
    for same in report.same:
        worth = "" if same.share else "; no points, perhaps the unchanged starter code"
        line = f"{same.work}: identical code from {', '.join(same.learners)}{worth}"
        yield from page.lines(spans(plain(line)), "- ", "  ")
    for group in report.alike_groups:
        line = f"{group.work}: nearly the same code from {len(group.learners)} learners (perhaps the usual "
        line += f"solution, so not listed as pairs): {', '.join(group.learners)}"
        yield from page.lines(spans(plain(line)), "- ", "  ")
    for pair in (report.alike or ())[:MOST_PAIRS]:
        yield from page.lines(
            spans(plain(f"{pair.work}: {pair.one} and {pair.other}, {pair.share:.0%} of the shorter one")),
            "- ",
            "  ",
        )
    yield from _more(len(report.alike or ()) - MOST_PAIRS, "pairs", page)
    if report.alike is None and any(work.kind == "exercise" for work in report.works):
        line = "Only identical code was searched for. Use --submissions DIR to find similar code too."
        yield from page.lines(spans(line, Look.ITALIC))
    yield ""


def _file_notes(report: ClassReport, page: Screen) -> Iterator[str]:
    if not report.file_notes:
        return
    yield from _title("Notes on files", page)
    for each in report.file_notes[:MOST_NOTES]:
        yield from page.lines(spans(plain(f"{each.learner}, {each.item}: {each.note}")), "- ", "  ")
    yield from _more(len(report.file_notes) - MOST_NOTES, "notes", page)


def percent(share: float | None) -> str:
    return NONE if share is None else f"{share:.0%}"


def plain(text: str) -> str:
    """Return a text, such as a name, escaped so that Markdown leaves it unchanged."""
    return "".join(f"\\{c}" if c in r"\`*_$[]" else c for c in text)


def _more(number: int, what: str, page: Screen) -> Iterator[str]:
    if number > 0:
        yield from page.lines(spans(f"and {number} more {what}; -o FILE shows them", Look.ITALIC), "  ")


def _title(title: str, page: Screen) -> Iterator[str]:
    yield from page.lines(spans(f"**{title}**"))
