"""The page of a class: what to act on comes first, and any size of class and any name can be read."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from class_samples import exercise_result, quiz_result, unreadable
from whole_class import course, whole_class, whole_code

from grader.classroom.anonymity import anonymous, pseudonyms
from grader.classroom.catalogue import Catalogue
from grader.classroom.class_page.page import page
from grader.classroom.class_report import ClassReport, OwnCodeAnswers
from grader.classroom.grouping import groups
from grader.classroom.report_rows import HEADER, rows
from grader.classroom.results import Result
from grader.classroom.statistics import class_report
from grader.files import csv_text

EVIL = '<script>alert("x")</script>'
VOID = {"meta", "br"}
SCREEN = 800  # pixels
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"


class Outline(HTMLParser):
    """A parser that checks that elements are closed in order, and collects tags and headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


def reported(results: list[Result]) -> ClassReport:
    code = whole_code(results) if len(results) < 200 else {}
    return class_report(
        results, Catalogue(course()), code, (), groups(results, {}, code), about_own_code(results)
    )


def about_own_code(results: list[Result]) -> tuple[OwnCodeAnswers, ...]:
    """Return the answers of a few learners about their own code."""
    some = [each for each in results if each.report is not None][:5]
    return tuple(
        OwnCodeAnswers(
            learner=each.learner, work=each.item, passed=3, functions=6, asked=3, right=1, low=0.06, high=0.79
        )
        for each in some
    )


@cache
def page_of(size: int) -> str:
    return page(reported(whole_class(size)))


def test_the_order_is_what_to_act_on_first() -> None:
    assert Outline(page_of(20)).headings == [
        "Learners and functions",
        "Who needs help",
        "Passes, and answered about the code",
        "Misconceptions",
        "Unexplained wrong answers",
        "Functions, questions and tests",
        "Distribution of points",
        "Similar code",
    ]


def test_cells_say_in_words_what_their_colors_mean() -> None:
    shown = page_of(20)
    assert '<td class="right">right</td>' in shown
    assert re.search(r'<td class="wrong">0 of 4<small>wrong idea: [\w ]+</small></td>', shown)
    assert '<td class="partly">3 of 4</td>' in shown
    assert '<td class="none">missing</td>' in shown
    assert '<td class="none">unreadable</td>' in shown


def test_misconceptions_are_sentences_with_the_share_who_hold_them() -> None:
    shown = page_of(20)
    assert re.search(r"<strong>\d of 20 learners \(\d+%\)</strong> think: “[A-Z]", shown)
    assert "In fact: Indices start at 0" in shown


def test_the_page_is_well_formed_and_self_contained() -> None:
    outline = Outline(page_of(20))
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in outline.tags}
    assert "http" not in page_of(20)
    assert "prefers-color-scheme: dark" in page_of(20)


def test_each_distribution_is_one_picture_with_its_numbers_in_words() -> None:
    outline = Outline(page_of(20))
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert len(outline.named("svg")) == 4  # all work, two exercises and a quiz
    for attrs in outline.named("svg"):
        assert attrs["role"] == "img"
        assert set((attrs["aria-labelledby"] or "").split()) <= set(ids)
    assert re.search(r"Learners per share of the points\. \d+–\d+%: \d+; ", page_of(20))
    assert all(attrs["href"] in {f"#{name}" for name in ids} for attrs in outline.named("a"))
    assert all("scope" in attrs for attrs in outline.named("th"))


def test_similar_code_stands_side_by_side_without_the_starter() -> None:
    pair = page_of(20).partition('<div class="pair">')[2].partition("</details>")[0]
    assert pair.count("<h3>") == 2 and pair.count("<pre") == 2
    assert "<mark>    total = []</mark>" in pair and "<mark>    summe = []</mark>" in pair
    assert "lines as in the starter or the solution" in pair
    assert "NotImplementedError" not in pair


def test_all_that_learners_choose_is_escaped() -> None:
    results = whole_class(4)
    names = dict(
        zip(sorted({r.learner for r in results}), (EVIL, "a\u202eb", "x" * 300, "&amp;"), strict=True)
    )
    evil = [
        msgspec.structs.replace(
            r, learner=names[r.learner], problem=r.problem and EVIL, notes=(EVIL, "\x1b[31m")
        )
        for r in results
    ]
    code = {
        item: {learner: f"{source}\n# </pre>{EVIL}" for learner, source in own.items()}
        for item, own in whole_code(evil).items()
    }
    shown = page(class_report(evil, Catalogue(course()), code, [EVIL], groups(evil, {}, code)))
    Outline(shown)
    assert "<script" not in shown and "&lt;script&gt;" in shown and "&amp;amp;" in shown
    assert not {"\u202e", "\x1b"} & set(shown)


def test_a_class_without_readable_submissions_has_a_page() -> None:
    Outline(page(class_report([unreadable("ann")], Catalogue(None))))
    Outline(page(class_report([], Catalogue(None))))


def test_results_from_another_course_have_a_page() -> None:
    results = [exercise_result(f"learner {n}", [n % 2, n > 5], misconceptions=["m"]) for n in range(12)]
    results += [quiz_result(f"learner {n}", {"tiny-q1": "abc"[n % 3]}) for n in range(12)]
    shown = page(class_report(results, Catalogue(None)))
    Outline(shown)
    assert "<strong>12 of 12 learners (100%)</strong> show “m”" in shown


@pytest.mark.parametrize(("size", "tables"), [(20, 1), (500, 10)])
def test_there_are_at_most_fifty_learners_in_a_table(size: int, tables: int) -> None:
    start = time.process_time()
    shown = page_of(size)
    assert time.process_time() - start < 10
    assert len(shown) < 2_000_000
    assert shown.count('<div class="wide class"') == tables
    assert shown.count("<summary>Learners 51 to ") == int(tables > 1)


VIEWS = [(width, scheme) for width in (1280, 400) for scheme in ("light", "dark")]


@pytest.mark.parametrize(
    ("size", "screens"),
    [(20, 6), *(pytest.param(size, 7, marks=pytest.mark.exhaustive) for size in (60, 500))],
)
def test_the_page_is_short_and_only_tables_and_code_scroll_sideways(
    chromium: Any, tmp_path: Path, size: int, screens: int
) -> None:
    for width, scheme in VIEWS:
        with opened(chromium, page_of(size), tmp_path, width, scheme) as shown:
            if width == 1280:
                assert shown.evaluate("document.documentElement.scrollHeight") < screens * SCREEN
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
            shown.screenshot(path=tmp_path / f"report-{width}-{scheme}.png", full_page=True)


FEW = [(3, 1280, "light"), (3, 400, "dark")]
ALL = [(size, *view) for size in (3, 20, 60, 500) for view in VIEWS]


@pytest.mark.parametrize(
    ("size", "width", "scheme"),
    [pytest.param(*each, marks=[] if each in FEW else pytest.mark.exhaustive) for each in ALL],
)
def test_the_page_is_accessible_in_every_width_and_theme(
    chromium: Any, tmp_path: Path, size: int, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with opened(chromium, page_of(size), tmp_path, width, scheme) as shown:
        if size == 3:  # the parts are the same in a large class, and axe would take minutes
            shown.evaluate(OPEN_ALL)
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(shown)
        assert found.violations_count == 0, found.generate_report()


@contextmanager
def opened(chromium: Any, text: str, directory: Path, width: int, scheme: str) -> Iterator[Any]:
    """Open a page in a window of the browser."""
    file = directory / "report.html"
    file.write_text(text)
    shown = chromium.new_page(viewport={"width": width, "height": SCREEN}, color_scheme=scheme)
    shown.goto(file.as_uri())
    yield shown
    shown.close()


def test_names_and_functions_stay_in_sight_while_the_table_scrolls(chromium: Any, tmp_path: Path) -> None:
    place = """name => {
        const box = document.querySelector('.class'), at = box.getBoundingClientRect();
        const it = box.querySelector(name).getBoundingClientRect();
        return [Math.round(it.left - at.left), Math.round(it.top - at.top)];
    }"""
    with opened(chromium, page_of(20), tmp_path, 1280, "light") as shown:
        before = [shown.evaluate(place, name) for name in ("thead", "tbody tr .name")]
        shown.evaluate("document.querySelector('.class').scrollBy(300, 200)")
        after = [shown.evaluate(place, name) for name in ("thead", "tbody tr .name")]
    assert after[0][1] == before[0][1]  # the header
    assert after[1][0] == before[1][0] and after[1][1] < before[1][1]


def test_the_csv_has_the_same_figures_and_no_name_is_a_formula() -> None:
    results = [exercise_result("=cmd()", [0.0, 0.0]), exercise_result("bob", [1.0, 0.0])]
    text = csv_text(rows(class_report(results, Catalogue(None))))
    assert text.startswith(",".join(HEADER) + "\n")
    assert "exercise-sum,test,a,difficulty,0.5\n" in text
    assert ",learner,'=cmd(),share of the points,0\n" in text
    assert "exercise-sum,learner,bob,points for add,1\n" in text
    assert "discrimination" not in text  # two learners are too few for it


def test_pseudonyms_hide_the_names_and_stay_the_same() -> None:
    results = [unreadable("ann"), msgspec.structs.replace(exercise_result("bob", [1]), same_as="ann")]
    results[0] = msgspec.structs.replace(results[0], problem="/in/ann/x.py is empty")
    names = pseudonyms(["bob", "ann"])
    hidden = [anonymous(result, names) for result in results]
    assert names["ann"] == pseudonyms(["ann"])["ann"]
    encoded = msgspec.json.encode(hidden).decode()
    assert "ann" not in encoded.replace("learner", "")
    assert "bob" not in encoded
    assert hidden[1].same_as == names["ann"]
