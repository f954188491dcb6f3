"""The pages of a course and of a kit: where the learner is, what is read, and what a kit may show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from web_pages import NOW, Browser, sealed, site

from grader.content.course import Course
from grader.progress.log import AttemptLog
from grader.tutor.recording import Recorder

THREE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><circle cx="1" cy="1" r="1"/></svg>'
PAGES = (
    "/",
    "/lesson/tiny",
    "/lesson/tiny/1",
    "/lesson/tiny/1.1",
    "/lesson/tiny/2",
    "/lesson/tiny/summary",
    "/lesson/tiny/glossary",
    "/quiz/tiny",
    "/quiz/tiny/1",
    "/progress",
    "/misconceptions",
    "/review",
)


@pytest.fixture
def pictured(tiny: Path) -> Path:
    """The small course with its figure."""
    (tiny / "lessons" / "figures").mkdir()
    (tiny / "lessons" / "figures" / "three.svg").write_text(THREE)
    return tiny


@pytest.fixture
def reader(pictured: Path, home: Path) -> Iterator[Browser]:
    with closing(Browser(site(pictured, home))) as browser:
        yield browser


@pytest.fixture
def kit_reader(pictured: Path, home: Path) -> Iterator[Browser]:
    with closing(Browser(site(sealed(pictured), home))) as browser:
        yield browser


def text_of(html: str) -> str:
    """Return the text of a page, as it is read."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole(reader: Browser, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 200
    assert len(answer.content) < 200_000
    assert answer.text.count("<h1") == 1
    assert not dangers(answer.text)
    for file in re.findall(r'(?:href|src)="(/[^"]*)"', answer.text):
        if not file.startswith("/exercise"):
            assert reader.get(unescape(file)).status_code == 200, file


def test_a_newcomer_is_led_to_the_first_section(reader: Browser) -> None:
    html = reader.get("/").text
    assert html.count("btn main") == 1
    assert "Begin: 1 Numbers" in html
    assert 'href="/lesson/tiny/1"' in html


def test_reading_a_section_moves_the_ribbon_and_the_next_step(reader: Browser, home: Path) -> None:
    after = reader.send("/lesson/tiny/1/read")
    assert after.url.path == "/lesson/tiny/1.1"
    assert 'class="done"' in after.text
    reader.send("/lesson/tiny/1/read")  # again: it is read already
    with closing(AttemptLog(home / "attempts.sqlite")) as log:
        assert [(a.kind, a.item) for a in log.attempts()] == [("read", "tiny/1")]
    text = text_of(reader.get("/").text)
    assert "1 of 3 sections" in text
    assert "Continue: 1.1 More numbers" in text


def test_the_last_section_leads_to_the_summary(reader: Browser) -> None:
    after = reader.send("/lesson/tiny/2/read")
    assert after.url.path == "/lesson/tiny/summary"
    assert "You can count." in after.text


def test_what_the_terminal_records_shows_at_once(reader: Browser, pictured: Path, home: Path) -> None:
    lesson = Course(pictured).lesson("tiny")
    with closing(AttemptLog(home / "attempts.sqlite")) as log:
        Recorder(log, lambda: NOW).record_section("read", lesson, lesson.sections[0])
    assert "1 of 3 sections read" in text_of(reader.get("/lesson/tiny").text)


def test_a_figure_has_its_description(reader: Browser) -> None:
    html = reader.get("/lesson/tiny/1.1").text
    assert 'role="img"' in html
    assert "Three black dots in a row" in html


def test_a_figure_is_served_only_if_a_lesson_names_it(reader: Browser, pictured: Path) -> None:
    (pictured / "lessons" / "figures" / "secret.svg").write_text(THREE)
    assert reader.get("/figure/tiny/three.svg").status_code == 200
    for path in ("secret.svg", "../tiny.yaml", "", "nothing.svg"):
        assert reader.get(f"/figure/tiny/{path}").status_code == 404


def test_static_files_are_kept_by_browsers_and_checked_by_their_hash(reader: Browser) -> None:
    address = re.findall(r'href="(/static/page.css[^"]+)"', reader.get("/").text)[0]
    answer = reader.get(address)
    assert "immutable" in answer.headers["cache-control"]
    again = reader.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert reader.get("/static/page.css").headers["cache-control"] == "no-cache"


def test_an_author_sees_an_edited_file_without_starting_again(
    reader: Browser, pictured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.web.library.FRESH", 0.0)
    lesson = pictured / "lessons" / "tiny.yaml"
    lesson.write_text(lesson.read_text().replace("One and two.", "One and only."))
    assert "One and only." in reader.get("/lesson/tiny/1").text
    (pictured / "course.yaml").write_text("title: Counting for everyone\n")
    assert "Counting for everyone" in reader.get("/").text
    lesson.write_text("id: [")
    answer = reader.get("/lesson/tiny/1")
    assert answer.status_code == 409
    assert "tiny.yaml:2" in answer.text


# --- a kit ---


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_kit_is_whole(kit_reader: Browser, path: str) -> None:
    answer = kit_reader.get(path)
    assert answer.status_code == 200
    for text in ("Two follows one", "Numbers go up by one", "Skip and see"):
        assert text not in answer.text


def test_a_kit_records_answers_and_does_not_mark_them(kit_reader: Browser, home: Path) -> None:
    html = kit_reader.get("/quiz/tiny/1").text
    version = re.findall(r'name="version" value="(\d+)"', html)[0]
    fields = {"back": "/quiz/tiny/1", "version": version, "do": "answer", "answer": "a"}
    html = kit_reader.send("/question/tiny-q1", **fields).text
    assert "Your instructor marks it" in html
    assert "✗" not in html
    assert "✓" not in html
    with closing(AttemptLog(home / "attempts.sqlite")) as log:
        assert [(a.kind, a.answer) for a in log.attempts()] == [("given", "a")]
    assert "Next question" in html
    assert "See all answers" in kit_reader.get("/quiz/tiny/3").text  # there is no result
    file = kit_reader.get("/quiz/tiny/answers.yaml")
    assert "attachment" in file.headers["content-disposition"]
    assert file.text.splitlines()[1:] == ['tiny-q1: "a"']


# --- text of a course is text ---


ATTACK = "</b></title></textarea><script>alert(1)</script><img src=x onerror=alert(1)>\"' onclick=alert(1) "
TEXTS = {
    "title",
    "text",
    "introduction",
    "summary",
    "term",
    "definition",
    "caption",
    "alt",
    "belief",
    "correction",
}
TEXTS |= {"prompt", "why", "explain", "hints"}


def attacked(content: Any, key: str = "") -> Any:
    """Return content with an attack before each of its texts."""
    if isinstance(content, dict):
        return {name: attacked(value, name) for name, value in content.items()}
    if isinstance(content, list):
        return [attacked(value, key) for value in content]
    return ATTACK + content if key in TEXTS and isinstance(content, str) else content


class Dangers(HTMLParser):
    """Collects what a browser would run, load or style."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.found += [f"{tag} {name}" for name in named if name.startswith("on") or name == "style"]
        local = ("/", "#", "https:", "http:", "mailto:") if tag == "a" else ("/", "#")
        for name in {"src", "href", "action", "formaction", "xlink:href", "srcset", "poster"} & set(named):
            self.found += [f"{tag} {name}"] if not named[name].startswith(local) else []
        loads = tag in ("style", "iframe", "object", "embed", "base")
        self.found += [tag] if loads or (tag == "script" and "src" not in named) else []


def dangers(html: str) -> list[str]:
    """Return what in a page can run, load or style something."""
    parser = Dangers()
    parser.feed(html)
    return parser.found


def test_dangers_are_noticed() -> None:
    assert dangers(ATTACK) == ["script", "img onerror", "img src"]


def test_script_in_a_course_stays_text(pictured: Path, home: Path) -> None:
    """Its text is not trusted: it could come from anyone."""
    for file in (pictured / "lessons" / "tiny.yaml", pictured / "quizzes" / "tiny.yaml"):
        file.write_text(yaml.safe_dump(attacked(yaml.safe_load(file.read_text()))))
    with closing(Browser(site(pictured, home))) as browser:
        for path in PAGES:
            html = browser.get(path).text
            assert "alert(1)" in html or path in ("/progress", "/misconceptions", "/review")
            assert not dangers(html), path
        for action in ("answer", "hint", "skip"):
            version = re.findall(r'name="version" value="(\d+)"', browser.get("/lesson/tiny/1").text)[0]
            fields = {"version": version, "do": action, "answer": "a", "back": "/lesson/tiny/1"}
            assert not dangers(browser.send("/question/tiny-q1", **fields).text)
        for path in ("/misconceptions", "/progress", "/quiz/tiny", "/lesson/tiny/1"):
            assert not dangers(browser.get(path).text)
        assert "alert(1)" in browser.get("/misconceptions").text
