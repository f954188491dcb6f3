"""The misconceptions of a class, and the wrong answers that no known mistake explains."""

from __future__ import annotations

from html import escape

from grader.classroom.class_page.markup import PAGE, Value, folded, joined, paragraph, table
from grader.classroom.class_report import ClassReport, MisconceptionCount
from grader.classroom.class_table import short_name
from grader.classroom.grouping import AnswerGroup
from grader.judge.verdict import count

FIRST_IDEAS = 8
FIRST_GROUPS = 8
MOST_NAMES = 100  # of the learners who hold a misconception
MOST_GROUPS = 200

_HOW_TO_ANSWER = (
    "<p>No known mistake explains these answers. Learners in a group gave the same results in the same "
    "tests. Write one sentence for a group into <code>feedback.yaml</code> beside the results. "
    "<code>course export feedback</code> shows it to all its learners.</p>"
)


def misconceptions(report: ClassReport) -> str:
    """Return a sentence per misconception, the most frequent first."""
    sentences = [_sentence(each) for each in report.misconceptions]
    if not sentences:
        return ""
    first, more = sentences[:FIRST_IDEAS], sentences[FIRST_IDEAS:]
    rows = [(short_name(each.id), len(each.who), _names(each.who)) for each in report.misconceptions]
    header = ("misconception", "learners", "who")
    return joined(
        _list(first),
        folded(count(len(more), "more misconception"), _list(more)),
        folded("Who has which", table("Learners with each misconception", header, rows, {"learners"})),
    )


def _list(items: list[str]) -> str:
    return f'<ul class="ideas">{"".join(items)}</ul>' if items else ""


def _sentence(each: MisconceptionCount) -> str:
    share = f"{each.learners} of {count(each.took, 'learner')} ({each.learners / each.took:.0%})"
    where = [f"{each.in_quizzes} in quizzes"] * bool(each.in_quizzes)
    where += [f"{each.in_code} in code"] * bool(each.in_code)
    think, show = ("thinks", "shows") if each.learners == 1 else ("think", "show")
    claim = f"{show} “{escape(each.id)}”" if each.belief == each.id else f"{think}: “{escape(each.belief)}”"
    answer = f"<br>In fact: {escape(each.correction)}" if each.correction else ""
    return (
        f"<li><strong>{share}</strong> {claim} "
        f'<span class="quiet">({escape(short_name(each.id))}; {", ".join(where)})</span>{answer}</li>'
    )


def _names(learners: tuple[str, ...]) -> str:
    names = ", ".join(learners[:MOST_NAMES])
    more = len(learners) - MOST_NAMES
    return f"{names} and {more} more" if more > 0 else names


def groups(report: ClassReport) -> str:
    """Return the groups of wrong answers, each with the code of an example if it is known."""
    listed = report.groups[:MOST_GROUPS]
    if not listed:
        return ""
    more = len(report.groups) - len(listed)
    pages = [listed[start : start + PAGE] for start in range(FIRST_GROUPS, len(listed), PAGE)]
    return joined(
        _HOW_TO_ANSWER,
        _group_table("Wrong answers that behave alike", listed[:FIRST_GROUPS]),
        *(
            folded(caption, _group_table(caption, page))
            for number, page in enumerate(pages, 2)
            for caption in [f"Wrong answers that behave alike, part {number}"]
        ),
        folded("Code of an example of each group", "".join(map(_example, listed)))
        if any(group.code for group in listed)
        else "",
        paragraph(f"{more} more groups are in the JSON report.") if more else "",
    )


def _group_table(caption: str, listed: tuple[AnswerGroup, ...]) -> str:
    answered = any(group.says for group in listed)
    rows: list[list[Value]] = [
        [
            each.id,
            each.work,
            each.function,
            len(each.learners),
            each.learners[0],
            ", ".join(each.tests),
            *[each.says or ""] * answered,
        ]
        for each in listed
    ]
    header = ("group", "exercise", "function", "learners", "example", "failed tests")
    return table(caption, (*header, *["your sentence"] * answered), rows, {"learners"})


def _example(group: AnswerGroup) -> str:
    if not group.code:
        return ""
    name = f"Group {group.id}: {group.function} of {group.learners[0]}"
    return folded(
        name, f'<pre role="group" tabindex="0" aria-label="{escape(name)}">{escape(group.code)}</pre>'
    )
