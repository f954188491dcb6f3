"""Figures in pages: the checked-in files, how a page shows them, and how they look in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from figure_pages import COURSE, figures_page, narrow_and_wide_files
from web_pages import Browser

from grader.content.course import Course
from grader.content.figures import LessonFigure
from grader.web.figures import figure_html
from grader.web.static import FILES
from grader.web.svg import CLASSES, svg

FIGURES = COURSE.root / "lessons" / "figures"
DRAWING = re.compile(r"^\.drawing \.([\w-]+) \{ (.+?);? \}$", re.MULTILINE)


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that writes SVG."""
    monkeypatch.syspath_prepend(FIGURES)
    import drawing

    return drawing


def test_a_file_alone_and_the_page_give_a_class_the_same_look(drawing: Any) -> None:
    tokens = (FILES / "tokens.css").read_text("utf-8")
    colors = {name: (drawing.LIGHT[name], drawing.DARK[name]) for name in drawing.LIGHT}
    in_page = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", tokens)
    assert colors.items() <= {name: (light, dark) for name, light, dark in in_page}.items()
    rules = {name: re.sub(r"\{(.+?)\}", r"var(--\1)", rule) for name, rule in drawing.RULES.items()}
    in_page_rules = dict(DRAWING.findall((FILES / "figures.css").read_text("utf-8")))
    assert in_page_rules == {**rules, "paper": "fill: none"}  # the page has its own paper
    assert {"drawing", *rules} == CLASSES


def test_every_figure_of_the_lesson_is_plain_svg() -> None:
    html = figures_page()
    assert "<img" not in html and html.count("<svg") == len(narrow_and_wide_files())
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len({*ids})


def write_figure(course: Path, name: str, text: str) -> None:
    (course / "lessons/figures").mkdir(exist_ok=True)
    (course / "lessons/figures" / name).write_text(text)


def test_a_figure_is_described_and_captioned(tiny: Path) -> None:
    figure = LessonFigure(file="three.svg", caption="Three *dots*", alt='Three dots in "a" row')
    write_figure(
        tiny,
        "three.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1"><circle class="f-ink" r="1"/></svg>',
    )
    assert figure_html(Course(tiny), "tiny", figure, "figure-1") == (
        '<figure class="pic" id="figure-1">'
        '<svg class="drawing" role="img" aria-labelledby="figure-1-desc" viewBox="0 0 3 1">'
        '<desc id="figure-1-desc">Three dots in &quot;a&quot; row</desc>'
        '<circle class="f-ink" r="1"></circle></svg><figcaption>Three <em>dots</em></figcaption></figure>'
    )


def test_what_is_not_plain_svg_is_an_image(tiny: Path, browser: Browser) -> None:
    """An image runs no scripts. The server sends files that a lesson names, and no others."""
    hostile = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    write_figure(tiny, "three.svg", hostile)
    write_figure(tiny, "four.svg", hostile)
    figure = LessonFigure(file="three.svg", caption="Dots", alt='"><script>')
    shown = figure_html(Course(tiny), "tiny", figure, "figure-1")
    assert (
        '<img src="/figure/tiny/three.svg" alt="&#34;&gt;&lt;script&gt;"' in shown and "onload" not in shown
    )
    assert '<img src="/figure/tiny/three.svg"' in browser.get("/lesson/tiny/1.1").text
    answer = browser.get("/figure/tiny/three.svg")
    assert answer.text == hostile and answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]  # when opened by its address
    for other in (
        "four.svg",
        "../tiny.yaml",
        "..%2ftiny.yaml",
        "%2e%2e/tiny.yaml",
        "/etc/passwd",
        "three.svg/",
    ):
        assert browser.get(f"/figure/tiny/{other}").status_code == 404


OVERLAPS = """() => {
  const found = [];
  for (const sheet of document.querySelectorAll('.drawing')) {
    if (!sheet.checkVisibility()) continue;
    const edge = sheet.getBoundingClientRect();
    const words = [...sheet.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()]);
    const size = edge.width / sheet.viewBox.baseVal.width;
    for (const [word, box] of words) {
      if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 ||
          box.bottom > edge.bottom + 1) found.push([word, 'sticks out of', sheet.parentNode.parentNode.id]);
    }
    words.forEach(([word, a], i) => words.slice(i + 1).forEach(([other, b]) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 6) found.push([word, 'covers', other]);
    }));
    if (size < 0.99) found.push(['the text', 'shrinks in', sheet.parentNode.parentNode.id]);
  }
  return found;
}"""


def test_text_keeps_its_size_and_covers_no_other_text(chromium: Any) -> None:
    """On a phone, on a tablet and on a screen, in both themes."""
    from axe_playwright_python.sync_playwright import Axe

    html = figures_page()
    page = chromium.new_page()
    page.set_content(html)
    for width in (320, 500, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERLAPS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        visible = page.evaluate(
            "[...document.querySelectorAll('.drawing')].filter(e => e.checkVisibility()).length"
        )
        assert visible * 2 == len(narrow_and_wide_files())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.close()


def test_a_figure_alone_follows_the_theme(chromium: Any) -> None:
    """As in a notebook, as an image: its own style sheet colors it."""
    file = FIGURES / "lstm-cell.svg"
    seen = {}
    for scheme in ("light", "dark"):
        page = chromium.new_page(color_scheme=scheme)
        page.goto(file.as_uri())
        seen[scheme] = page.evaluate(
            "['paper', 't-soft', 'b-gate'].map(c => getComputedStyle(document.querySelector('.' + c)).fill)"
        )
        page.close()
    assert seen == {
        "light": ["rgb(251, 250, 246)", "rgb(90, 91, 94)", "rgb(249, 229, 214)"],
        "dark": ["rgb(22, 24, 27)", "rgb(168, 167, 161)", "rgb(69, 41, 26)"],
    }


def test_a_figure_costs_little() -> None:
    sizes = {file.name: len(svg(file.read_bytes(), alt="", prefix="a")) for file in narrow_and_wide_files()}
    assert max(sizes.values()) < 13_000, sizes
