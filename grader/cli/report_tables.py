"""The report on a class, as tables that fit narrow terminals and pipes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.classroom.class_report import ClassReport, QuestionAnswers, Work
from grader.classroom.item_analysis import Item, Statistic, bin_labels
from grader.cli.markdown import table
from grader.cli.text import Look, Screen, spans

NONE = "-"
BAR = 20  # columns of the longest bar
MOST_FAILED = 10
MOST_HELP = 15
MOST_PAIRS = 15
MOST_NOTES = 15
MOST_GROUPS = 15
_WORDS = (
    "Difficulty is the mean share of the points (1 means everyone got all points). Discrimination is the "
    "correlation with the rest of the points. Near 0 or below, the item does not show who knows more."
)


def tables(report: ClassReport, page: Screen) -> Iterator[str]:
    """Yield the lines of `course report`."""
    yield from _title(f"{report.learners} learner{'s' * (report.learners != 1)}", page)
    for note in report.notes:
        yield from page.lines(spans(note, Look.ITALIC))
    yield ""
    yield from _needs_help(report, page)
    yield from _file_notes(report, page)
    for work in report.works:
        yield from _work(work, page)
    if any(work.items for work in report.works):
        yield from page.lines(spans(_WORDS, Look.ITALIC))
        yield ""
    yield from _most_failed(report, page)
    yield from _misconceptions(report, page)
    yield from _groups(report, page)
    yield from _same_and_alike(report, page)


def _work(work: Work, page: Screen) -> Iterator[str]:
    yield from _title(f"{work.id} ({work.kind})", page)
    counts = {"graded": work.graded, "unreadable": work.unreadable}
    counts |= {"not graded": work.failed, "nothing handed in": work.missing}
    yield from page.lines(
        spans(", ".join(f"{n} {name}" for name, n in counts.items() if n or name == "graded"))
    )
    shares = work.shares
    if shares.count:
        line = f"Points: mean {percent(shares.mean)}, median {percent(shares.median)}"
        line += f", standard deviation {percent(shares.sd)}, of {work.points:g}"
        yield from page.lines(spans(line))
        yield from page.lines(spans(f"Cronbach's alpha: {figure(work.alpha)}"))
        yield from _histogram(shares.bins)
    yield ""
    if work.functions:
        yield from _items("function", work.functions, page)
    if work.items:
        yield from _items("question" if work.kind == "quiz" else "test", work.items, page)
    if len(work.outcomes) > 1 or any(count.outcome.value != "passed" for count in work.outcomes):
        rows = [[o.outcome.value.replace("_", " "), str(o.tests), str(o.learners)] for o in work.outcomes]
        yield from table(["outcome", "tests", "learners"], rows, page)
        yield ""
    for asked in work.answers:
        yield from _answers(asked, page)


def _histogram(bins: Sequence[int]) -> Iterator[str]:
    most = max(bins)
    for label, count in zip(bin_labels(bins), bins, strict=True):
        bar = "#" * round(BAR * count / most) if most else ""
        yield f"  {label:>7}  {count:>4}  {bar}".rstrip()


def _items(what: str, items: tuple[Item, ...], page: Screen) -> Iterator[str]:
    has_discrimination = any(item.discrimination.value is not None for item in items)
    rows = [[f"`{i.id}`", f"{i.full}/{i.count}", f"{i.difficulty:.2f}"] for i in items]
    if has_discrimination:
        for row, item in zip(rows, items, strict=True):
            value = item.discrimination.value
            row.append(NONE if value is None else f"{value:.2f}")
    header = [what, "all points", "difficulty", *["discrimination"] * has_discrimination]
    yield from table(header, rows, page)
    if reasons := sorted({item.discrimination.why for item in items if item.discrimination.why}):
        yield from page.lines(spans(f"No discrimination: {'; '.join(reasons)}.", Look.ITALIC))
    yield ""


def _answers(asked: QuestionAnswers, page: Screen) -> Iterator[str]:
    which = "answers, several each" if asked.several else "answers"
    yield from page.lines(spans(f"`{asked.question}`, {which}"))
    for each in asked.answers:
        mark = "right" if each.correct else each.misconception
        letter = "" if each.answer in (None, "…", each.text) else f"{each.answer}. "
        line = f"{letter}{each.text}" + (f" ({mark})" if mark else "")
        yield from page.lines(spans(line), f"{each.learners:>4}  ", "      ")
    yield ""


def _most_failed(report: ClassReport, page: Screen) -> Iterator[str]:
    tests = [(work, item) for work in report.works if work.kind == "exercise" for item in work.items]
    failed = sorted(
        ((work, item) for work, item in tests if item.full < item.count),
        key=lambda pair: (-(pair[1].count - pair[1].full), pair[0].id, pair[1].id),
    )
    if failed:
        yield from _title("Tests most often failed", page)
        rows = [
            [str(item.count - item.full), work.id, shortened(item.title, 60)]
            for work, item in failed[:MOST_FAILED]
        ]
        yield from table(["learners", "exercise", "test"], rows, page)
        yield ""


def _misconceptions(report: ClassReport, page: Screen) -> Iterator[str]:
    if not report.misconceptions:
        return
    yield from _title("Misconceptions", page)
    for each in report.misconceptions:
        where = [f"{each.in_quizzes} in quizzes"] * bool(each.in_quizzes)
        where += [f"{each.in_code} in code"] * bool(each.in_code)
        line = f"{each.learners} learner{'s' * (each.learners != 1)} ({', '.join(where)}): {each.belief}"
        yield from page.lines(spans(line), "- ", "  ")
    yield ""


def _needs_help(report: ClassReport, page: Screen) -> Iterator[str]:
    if not report.needs_help:
        return
    yield from _title("Who needs help first", page)
    for each in report.needs_help[:MOST_HELP]:
        yield from page.lines(spans(f"{plain(each.learner)}: {plain('; '.join(each.reasons))}"), "- ", "  ")
    if (more := len(report.needs_help) - MOST_HELP) > 0:
        yield from page.lines(spans(f"and {more} more; --json, --csv and --html show all", Look.ITALIC), "  ")
    yield ""


def _file_notes(report: ClassReport, page: Screen) -> Iterator[str]:
    if not report.file_notes:
        return
    yield from _title("Notes on files", page)
    for each in report.file_notes[:MOST_NOTES]:
        yield from page.lines(spans(plain(f"{each.learner}, {each.item}: {each.note}")), "- ", "  ")
    if (more := len(report.file_notes) - MOST_NOTES) > 0:
        yield from page.lines(spans(f"and {more} more; --json, --csv and --html show all", Look.ITALIC), "  ")
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
    if more := len(report.groups) - MOST_GROUPS:
        yield from [f"{more} more groups are in the HTML page."] if more > 0 else []
    yield ""


def _same_and_alike(report: ClassReport, page: Screen) -> Iterator[str]:
    if report.same or report.alike:
        yield from _title("Similar code (a reason to look, not proof)", page)
    for same in report.same:
        worth = "" if same.share else "; no points, perhaps the unchanged starter code"
        line = f"{same.work}: identical code from {', '.join(same.learners)}{worth}"
        yield from page.lines(spans(plain(line)), "- ", "  ")
    for pair in (report.alike or ())[:MOST_PAIRS]:
        yield from page.lines(
            spans(plain(f"{pair.work}: {pair.one} and {pair.other}, {pair.share:.0%} of the shorter one")),
            "- ",
            "  ",
        )
    if (more := len(report.alike or ()) - MOST_PAIRS) > 0:
        yield from page.lines(spans(f"and {more} more pairs; --json, --csv and --html show all", Look.ITALIC))
    if report.alike is None and any(work.kind == "exercise" for work in report.works):
        line = "Only identical code was searched for. Use --submissions DIR to find similar code too."
        yield from page.lines(spans(line, Look.ITALIC))


def figure(number: Statistic) -> str:
    """Return a number as text, or the reason why it is missing."""
    return f"none ({number.why})" if number.value is None else f"{number.value:.2f}"


def percent(share: float | None) -> str:
    return NONE if share is None else f"{share:.0%}"


def plain(text: str) -> str:
    """Return a text, such as a name, escaped so that Markdown leaves it unchanged."""
    return "".join(f"\\{c}" if c in r"\`*_$[]" else c for c in text)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _title(title: str, page: Screen) -> Iterator[str]:
    yield from page.lines(spans(f"**{title}**"))
