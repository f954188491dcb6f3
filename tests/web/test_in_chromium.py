"""The pages in a real browser: by keyboard, without scripts, on a phone, in both themes, and with axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import assert_accessible
from opened import Opened, opening, window

from grader.progress.log import AttemptLog

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"
WIDTHS = (320, 768, 1280)
THEMES = ("light", "dark")
PAGES = {
    "course": "/",
    "lesson": "/lesson/day4",
    "section": "/lesson/day4/1.2",
    "formulas": "/lesson/day4/3.2",
    "figure": "/lesson/day4/4.2",
    "summary": "/lesson/day4/summary",
    "glossary": "/lesson/day4/glossary",
    "quiz": "/quiz/day4",
    "single": "/quiz/day4/1",
    "multiple": "/question/day4-p-shuffled-inputs/1",
    "numeric": "/question/day4-n19/1",
    "ordering": "/question/day4-n10/1",
    "shape": "/question/day4-n7/1",
    "practice": "/practice/day4",
    "review": "/review",
    "progress": "/progress",
    "misconceptions": "/misconceptions",
    "own-code": "/exercise/exercise-lstm/own",
    "missing": "/nothing-here",
}
# one page of each make; the exhaustive test tries all of them
OFTEN = ("course", "section", "formulas", "glossary", "ordering", "progress")
ANSWERED = ("single", "multiple", "numeric", "ordering", "shape")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this module's learner keeps the log."""
    return tmp_path_factory.mktemp("chromium") / "home"


@pytest.fixture(scope="module")
def opened(command: str, home: Path) -> Iterator[Opened]:
    """`course open` on the bundled course."""
    with opening(command, home) as opened:
        yield opened


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Any, text: str) -> None:
    """Press Tab until an element with this text or value has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const e = document.activeElement;"
            " return `${e.textContent} ${e.closest('label')?.textContent ?? ''}` }"
        )
        if text in focused:
            return
    pytest.fail(f"{text!r} cannot be reached with Tab")


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_a_learner_reads_errs_gets_help_and_goes_on_with_the_keyboard_alone(
    chromium: Any, opened: Opened, home: Path
) -> None:
    with window(chromium, opened, viewport={"width": 1280, "height": 900}) as page:
        tab_to(page, "Skip to the content")
        press(page, "Enter")
        tab_to(page, "Begin: 1")
        press(page, "Enter")
        page.wait_for_url("**/lesson/day4/1")
        page.goto("/lesson/day4/1.2")
        assert page.locator(".sure").is_hidden()
        tab_to(page, "Classifying individual images")
        press(page, "Space")
        assert page.locator(".sure").is_visible()
        tab_to(page, "not sure")
        press(page, "ArrowRight", "ArrowRight")
        tab_to(page, "Check")
        press(page, "Enter")
        page.wait_for_selector(".option[data-verdict=wrong]")
        page.wait_for_selector(".why:focus")
        assert page.locator(".explain").count() == 0
        tab_to(page, "Hint 1 of 4, about your answer")
        press(page, "Enter")
        page.wait_for_selector(".ladder li:focus")
        page.get_by_label("Predicting the next word").focus()
        press(page, "Space")
        tab_to(page, "Check")
        press(page, "Enter")
        page.wait_for_selector(".explain:focus")
        assert "order" in focused(page)
        page.wait_for_selector(".status:has-text('Right at try 2')")
        tab_to(page, "Done reading")
        press(page, "Enter")
        page.wait_for_url("**/lesson/day4/2")
        attempts = AttemptLog(home / "attempts.sqlite").attempts()
        assert [(a.kind, a.correct, a.confidence) for a in attempts] == [
            ("answer", False, "high"),
            ("hint", None, None),
            ("answer", True, None),
            ("read", None, None),
        ]


def test_words_and_matches_are_given_with_the_keyboard_on_a_phone(
    chromium: Any, command: str, tmp_path: Path
) -> None:
    with (
        opening(command, tmp_path / "home", EXAMPLE) as opened,
        window(chromium, opened, viewport={"width": 320, "height": 800}) as page,
    ):
        page.goto("/quiz/day1/3")
        tab_to(page, "Your answer")
        page.keyboard.type("The")
        press(page, "Enter")
        page.wait_for_selector(".tries li:focus")
        page.get_by_label("Your answer").focus()
        page.keyboard.type(" a. ")
        press(page, "Enter")
        page.wait_for_selector(".explain:focus")
        page.goto("/quiz/day1/4")
        for item, keys in (("average sentence", "b"), ("the share of", "e"), ("number of sentences", "c")):
            tab_to(page, item)
            press(page, keys)
        tab_to(page, "Check")
        press(page, "Enter")
        page.wait_for_selector(".tries li:focus")
        assert "2 of 3 are right." in page.inner_text(".tries")
        assert_accessible(page)
        page.get_by_label("the number of sentences").select_option(label="a: 4")
        tab_to(page, "Check")
        press(page, "Enter")
        page.wait_for_selector(".explain:focus")


def test_the_theme_changes_at_once_and_stays(chromium: Any, opened: Opened) -> None:
    with window(chromium, opened, color_scheme="light") as page:
        light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        page.get_by_role("button", name="Dark").click()
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light
        page.goto("/progress")
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert page.get_by_role("button", name="Light").is_visible()


def test_everything_but_motion_works_without_scripts(chromium: Any, opened: Opened) -> None:
    with window(chromium, opened, java_script_enabled=False, color_scheme="light") as page:
        page.get_by_role("button", name="Dark").click()
        page.wait_for_selector("html[data-theme=dark]")
        page.goto("/question/day4-n19/1")
        page.get_by_label("Your answer").fill("abc")
        page.get_by_role("button", name="Check").click()
        assert "Please type a number" in page.locator(".refused").inner_text()
        assert page.get_by_label("Your answer").input_value() == "abc"
        page.get_by_label("Your answer").fill("0.5")
        page.get_by_role("button", name="Check").click()
        page.wait_for_selector(".tries > [data-verdict=wrong]")
        page.get_by_role("button", name="Hint 1").click()
        page.wait_for_selector(".ladder li")
        page.get_by_role("button", name="Skip").click()
        page.wait_for_selector(".explain")
        page.goto("/lesson/day4/4.2")
        page.get_by_role("button", name="Forget gate", exact=True).click()
        page.locator(".pop:popover-open").wait_for()


def axe_findings(page: Any, *rules: str) -> list[str]:
    """Return what axe finds, by all rules if none is named."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": [*rules]} if rules else None).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def too_wide(page: Any) -> int:
    """Return by how many pixels a page is wider than the window."""
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(width))


def test_every_page_is_accessible_in_both_themes_and_fits_a_phone(chromium: Any, opened: Opened) -> None:
    with window(chromium, opened, color_scheme="light", viewport={"width": 1280, "height": 900}) as page:
        for name in OFTEN:
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(PAGES[name])
            assert axe_findings(page) == [], name
            page.emulate_media(color_scheme="dark")
            page.set_viewport_size({"width": 320, "height": 900})
            assert axe_findings(page, "color-contrast", "scrollable-region-focusable") == [], name
            assert too_wide(page) <= 0, name
        page.goto("/lesson/day4/5.2")  # it has the longest formula in a sentence
        assert too_wide(page) <= 0


@pytest.mark.exhaustive
def test_every_page_in_every_state_theme_and_width(chromium: Any, opened: Opened, tmp_path: Path) -> None:
    """Write a picture of each, into COURSE_SCREENSHOTS if that is set."""
    place = Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path))
    with window(chromium, opened) as page:
        for state in ("open", "wrong", "closed"):
            for name, path in PAGES.items():
                if state != "open" and name not in ANSWERED:
                    continue
                page.goto(path)
                if state == "wrong":
                    _answer_wrong(page)
                elif state == "closed" and page.get_by_role("button", name="Skip").count():
                    page.get_by_role("button", name="Skip").click()
                    page.locator(".explain").wait_for()
                for theme in THEMES:
                    page.emulate_media(color_scheme=theme)
                    for width in WIDTHS:
                        page.set_viewport_size({"width": width, "height": 900})
                        page.screenshot(path=place / f"{name}-{state}-{theme}-{width}.png", full_page=True)
                        assert too_wide(page) <= 0, (name, state, width)
                        assert axe_findings(page) == [], (name, state, theme, width)


def _answer_wrong(page: Any) -> None:
    """Give a wrong answer, of whatever kind the question is."""
    form = page.locator(".q")
    match form.get_attribute("data-kind"):
        case "single" | "multiple":
            form.locator("[name=answer]").last.check()
        case "ordering":
            for number, select in enumerate(form.locator("select").all(), 1):
                select.select_option(str(number))
        case "numeric":
            form.locator(".entry").fill("12345")
        case "shape":
            form.locator(".entry").fill("(1, 2, 3)")
    page.get_by_role("button", name="Check").click()
    page.locator("[data-verdict=wrong]").first.wait_for()
