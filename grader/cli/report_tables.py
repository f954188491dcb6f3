"""What a class shows, as tables that fit narrow terminals and pipes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.classroom.class_report import ClassReport, QuestionAnswers, Work
from grader.classroom.item_analysis import Item, Statistic, bin_labels
from grader.cli.markdown import table
from grader.cli.text import Look, Screen, runs

NONE = "-"
BAR = 20  # columns of the longest bar
MOST_FAILED = 10
MOST_HELP = 15
MOST_PAIRS = 15
_WORDS = (
    "Difficulty is the mean share of the points (1: everybody has all). Discrimination is the correlation "
    "with the rest of the points: near 0 or below, the item does not tell apart who knows more."
)


def tables(found: ClassReport, page: Screen) -> Iterator[str]:
    """Yield the lines of `course report`."""
    yield from _title(f"{found.learners} learner{'s' * (found.learners != 1)}", page)
    for note in found.notes:
        yield from page.lines(runs(note, Look.ITALIC))
    yield ""
    yield from _needs_help(found, page)
    for work in found.works:
        yield from _work(work, page)
    if any(work.items for work in found.works):
        yield from page.lines(runs(_WORDS, Look.ITALIC))
        yield ""
    yield from _most_failed(found, page)
    yield from _misconceptions(found, page)
    yield from _same_and_alike(found, page)


def _work(work: Work, page: Screen) -> Iterator[str]:
    yield from _title(f"{work.id} ({work.kind})", page)
    counts = {"graded": work.graded, "unreadable": work.unreadable}
    counts |= {"not graded": work.failed, "nothing handed in": work.missing}
    yield from page.lines(
        runs(", ".join(f"{n} {name}" for name, n in counts.items() if n or name == "graded"))
    )
    shares = work.shares
    if shares.count:
        said = f"Points: mean {percent(shares.mean)}, median {percent(shares.median)}"
        said += f", standard deviation {percent(shares.sd)}, of {work.points:g}"
        yield from page.lines(runs(said))
        yield from page.lines(runs(f"Cronbach's alpha: {figure(work.alpha)}"))
        yield from _histogram(shares.bins)
    yield ""
    if work.functions:
        yield from _items("function", work.functions, page)
    if work.items:
        yield from _items("question" if work.kind == "quiz" else "test", work.items, page)
    if len(work.outcomes) > 1 or any(count.outcome.value != "passed" for count in work.outcomes):
        rows = [[o.outcome.value.replace("_", " "), str(o.tests), str(o.learners)] for o in work.outcomes]
        yield from table(["tests ended", "tests", "learners"], rows, page)
        yield ""
    for asked in work.answers:
        yield from _answers(asked, page)


def _histogram(bins: Sequence[int]) -> Iterator[str]:
    most = max(bins)
    for label, count in zip(bin_labels(bins), bins, strict=True):
        bar = "#" * round(BAR * count / most) if most else ""
        yield f"  {label:>7}  {count:>4}  {bar}".rstrip()


def _items(what: str, found: tuple[Item, ...], page: Screen) -> Iterator[str]:
    told_apart = any(item.discrimination.value is not None for item in found)
    rows = [[f"`{i.id}`", f"{i.full}/{i.count}", f"{i.difficulty:.2f}"] for i in found]
    if told_apart:
        for row, item in zip(rows, found, strict=True):
            value = item.discrimination.value
            row.append(NONE if value is None else f"{value:.2f}")
    header = [what, "all points", "difficulty", *["discrimination"] * told_apart]
    yield from table(header, rows, page)
    if reasons := sorted({item.discrimination.why for item in found if item.discrimination.why}):
        yield from page.lines(runs(f"No discrimination: {'; '.join(reasons)}.", Look.ITALIC))
    yield ""


def _answers(asked: QuestionAnswers, page: Screen) -> Iterator[str]:
    which = "answers, several each" if asked.several else "answers"
    yield from page.lines(runs(f"`{asked.question}`, {which}"))
    for each in asked.answers:
        mark = "right" if each.correct else each.misconception
        letter = "" if each.answer in (None, "…", each.text) else f"{each.answer}. "
        said = f"{letter}{each.text}" + (f" ({mark})" if mark else "")
        yield from page.lines(runs(said), f"{each.learners:>4}  ", "      ")
    yield ""


def _most_failed(found: ClassReport, page: Screen) -> Iterator[str]:
    tests = [(work, item) for work in found.works if work.kind == "exercise" for item in work.items]
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


def _misconceptions(found: ClassReport, page: Screen) -> Iterator[str]:
    if not found.misconceptions:
        return
    yield from _title("Misconceptions", page)
    for each in found.misconceptions:
        where = [f"{each.in_quizzes} in quizzes"] * bool(each.in_quizzes)
        where += [f"{each.in_code} in code"] * bool(each.in_code)
        said = f"{each.learners} learner{'s' * (each.learners != 1)} ({', '.join(where)}): {each.belief}"
        yield from page.lines(runs(said), "- ", "  ")
    yield ""


def _needs_help(found: ClassReport, page: Screen) -> Iterator[str]:
    if not found.needs_help:
        return
    yield from _title("Who needs help first", page)
    for each in found.needs_help[:MOST_HELP]:
        yield from page.lines(runs(f"{plain(each.learner)}: {plain('; '.join(each.reasons))}"), "- ", "  ")
    if (more := len(found.needs_help) - MOST_HELP) > 0:
        yield from page.lines(runs(f"and {more} more: --json, --csv and --html have all", Look.ITALIC), "  ")
    yield ""


def _same_and_alike(found: ClassReport, page: Screen) -> Iterator[str]:
    if found.same or found.alike:
        yield from _title("Code that is alike (a reason to look, no proof)", page)
    for same in found.same:
        worth = "" if same.share else "; without points, perhaps the starter as it was"
        said = f"{same.work}: the same from {', '.join(same.learners)}{worth}"
        yield from page.lines(runs(plain(said)), "- ", "  ")
    for pair in (found.alike or ())[:MOST_PAIRS]:
        yield from page.lines(
            runs(plain(f"{pair.work}: {pair.one} and {pair.other}, {pair.share:.0%} of the shorter one")),
            "- ",
            "  ",
        )
    if (more := len(found.alike or ()) - MOST_PAIRS) > 0:
        yield from page.lines(runs(f"and {more} more pairs: --json, --csv and --html have all", Look.ITALIC))
    if found.alike is None and any(work.kind == "exercise" for work in found.works):
        said = "Only the same code was looked for; --submissions DIR also finds code that is alike."
        yield from page.lines(runs(said, Look.ITALIC))


def figure(found: Statistic) -> str:
    """Return a number as it is shown, or why there is none."""
    return f"none ({found.why})" if found.value is None else f"{found.value:.2f}"


def percent(share: float | None) -> str:
    return NONE if share is None else f"{share:.0%}"


def plain(text: str) -> str:
    """Return text that is no Markdown of ours, such as names, so that it comes out as it is."""
    return "".join(f"\\{c}" if c in r"\`*_$[]" else c for c in text)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _title(title: str, page: Screen) -> Iterator[str]:
    yield from page.lines(runs(f"**{title}**"))
