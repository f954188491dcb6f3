"""The report page: well-formed, self-contained, readable without pictures, and safe from markup in names."""

from __future__ import annotations

from html.parser import HTMLParser

import msgspec
import pytest
from class_samples import exercise_result, quiz_result, unreadable

from grader.classroom.anonymity import anonymous, pseudonyms
from grader.classroom.catalogue import Catalogue
from grader.classroom.report_page import page
from grader.classroom.report_rows import HEADER, rows
from grader.classroom.statistics import class_report
from grader.files import csv_text

EVIL = '<script>alert("x")</script>'
VOID = {"meta", "br"}


class Outline(HTMLParser):
    """A parser that checks that elements are closed in order, and collects the tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
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

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module")
def shown() -> str:
    results = [
        exercise_result(f"learner {n}", [n % 2, n % 3 == 0, n > 5], misconceptions=["m"]) for n in range(12)
    ]
    results += [quiz_result(f"learner {n}", {"tiny-q1": "abc"[n % 3]}) for n in range(12)]
    results += [unreadable(EVIL)]
    return page(class_report(results, Catalogue(None)))


def test_the_page_is_well_formed_and_self_contained(shown: str) -> None:
    outline = Outline(shown)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in outline.tags}
    assert "http" not in shown
    assert "prefers-color-scheme: dark" in shown


def test_the_page_can_be_read_without_the_pictures(shown: str) -> None:
    outline = Outline(shown)
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert len(outline.named("svg")) == 5  # two score distributions, tests, functions and questions
    for attrs in outline.named("svg"):
        assert attrs["role"] == "img"
        assert set((attrs["aria-labelledby"] or "").split()) <= set(ids)
    links = [attrs["href"] for attrs in outline.named("a")]
    assert links
    assert all(link and link[1:] in ids for link in links)
    tables = len(outline.named("table"))
    assert tables == len(outline.named("caption")) > 5
    assert all("scope" in attrs for attrs in outline.named("th"))


def test_names_are_escaped(shown: str) -> None:
    assert EVIL not in shown
    assert "&lt;script&gt;" in shown


def test_a_class_without_readable_submissions_has_a_page() -> None:
    Outline(page(class_report([unreadable("ann")], Catalogue(None))))


def test_the_csv_has_the_same_figures_and_no_name_is_a_formula() -> None:
    results = [exercise_result("=cmd()", [0.0, 0.0]), exercise_result("bob", [1.0, 0.0])]
    text = csv_text(rows(class_report(results, Catalogue(None))))
    assert text.startswith(",".join(HEADER) + "\n")
    assert "exercise-sum,test,a,difficulty,0.5\n" in text
    assert ",learner,'=cmd(),share of the points,0\n" in text
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
