"""Functions, tests and questions with a reading of their numbers, and the distributions of points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.classroom.class_page.histogram import histogram
from grader.classroom.class_page.markup import folded, joined, paragraph, percent, table
from grader.classroom.class_report import ClassReport, QuestionAnswers, Work
from grader.classroom.item_analysis import Item, Statistic
from grader.classroom.item_reading import common_error, reading, reliability
from grader.judge.verdict import count

_HEADER = ("reading", "right", "mean", "discrimination")
_NUMBERS = {"right", "mean", "discrimination"}
MAX_TITLE = 90
_WORDS = (
    "The mean is that of the shares of the points: 100% if everybody has all of them. Discrimination is the "
    "correlation with the rest of the points: near 0 or below, an item does not tell strong and weak "
    "learners apart. In brackets: the 95% interval (Fisher's z)."
)


def items(report: ClassReport) -> str:
    """Return the functions and questions openly, and the tests of exercises folded."""
    if not any(work.items for work in report.works):
        return ""
    return joined(*(_work(work) for work in report.works if work.items), paragraph(_WORDS))


def _work(work: Work) -> str:
    if work.kind == "quiz":
        asked = {each.question: each for each in work.answers}
        return _table(f"Questions of {work.title}", "question", work.items, asked) + folded(
            f"All answers to {work.title}", "".join(map(_answers, work.answers))
        )
    outcomes = ", ".join(f"{o.tests} {o.outcome.value.replace('_', ' ')}" for o in work.outcomes)
    to_check = [item for item in work.items if reading(item).check]
    return "".join(
        [
            _table(f"Functions of {work.title}", "function", work.functions),
            _table(f"Tests of {work.title} to check", "test", to_check) if to_check else "",
            folded(
                f"All {count(len(work.items), 'test')} of {work.title}",
                _table(f"Tests of {work.title}", "test", work.items) + paragraph(f"Outcomes: {outcomes}."),
            ),
        ]
    )


def _table(
    caption: str, kind: str, shown: Sequence[Item], asked: dict[str, QuestionAnswers] | None = None
) -> str:
    titled = any(item.title != item.id for item in shown)
    rows = [
        (
            item.id,
            *[_shortened(item.title)] * titled,
            _reading(item, (asked or {}).get(item.id)),
            f"{item.full} of {item.count}",
            percent(item.difficulty),
            _discrimination(item.discrimination),
        )
        for item in shown
    ]
    return table(caption, (kind, *["title"] * titled, *_HEADER), rows, _NUMBERS)


def _reading(item: Item, asked: QuestionAnswers | None) -> str:
    says = [reading(item).says, "" if asked is None else _shortened(common_error(asked))]
    return " ".join(filter(None, says))


def _discrimination(found: Statistic) -> str:
    if found.value is None:
        return "–"
    between = "" if found.low is None else f" ({found.low:.2f} to {found.high:.2f})"
    return f"{found.value:.2f}{between}"


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1].rstrip() + "…"


def _answers(asked: QuestionAnswers) -> str:
    rows = [
        (
            "" if each.answer in (None, "…", each.text) else each.answer,
            each.text,
            each.learners,
            "right" if each.correct else each.misconception or "",
        )
        for each in asked.answers
    ]
    caption = f"Answers to {asked.question}" + (" (several per learner)" if asked.several else "")
    return table(caption, ("option", "answer", "learners", "right, or misconception"), rows, {"learners"})


def distributions(report: ClassReport) -> str:
    """Return the summary of each exercise and quiz, and a histogram of each."""
    if not report.works:
        return ""
    rows = [
        (
            work.title,
            work.graded,
            work.unreadable,
            work.failed,
            work.missing,
            work.given,
            work.points,
            percent(work.shares.mean),
            percent(work.shares.median),
            percent(work.shares.sd),
            reliability(work.alpha),
        )
        for work in report.works
    ]
    names = (
        "graded",
        "unreadable",
        "not graded",
        "missing",
        "given",
        "points",
        "mean",
        "median",
        "deviation",
    )
    header = ("exercise or quiz", *names, "reliability (Cronbach's alpha)")
    pictures = "".join(_pictures(report))
    return joined(
        table("Exercises and quizzes", header, rows, names),
        f'<div class="pictures">{pictures}</div>',
    )


def _pictures(report: ClassReport) -> Iterator[str]:
    shown = [(work.title, work.shares) for work in report.works if work.shares.count]
    if len(shown) > 1:
        shown.insert(0, ("All work", report.shares))
    for number, (title, shares) in enumerate(shown):
        yield histogram(f"picture-{number}", title, shares.bins)
