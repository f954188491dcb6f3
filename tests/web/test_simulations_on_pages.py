"""Simulations on a page: veiled until a prediction is made, then moved by keyboard, and told in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from nodes import MODULES
from opened import opening, window
from web_pages import Browser, sealed, site

from grader.authoring.kit import sealed_lesson
from grader.content.course import Course
from grader.content.questions import SingleQuestion
from grader.content.simulations import NetworkSimulation

COURSE = Course.bundled()
MOVING = [
    (lesson.id, section.id, simulation)
    for lesson in map(COURSE.lesson, COURSE.lesson_ids)
    for section in lesson.sections
    for simulation in section.simulations
    if not isinstance(simulation, NetworkSimulation)  # see test_network_page.py
]
IDS = [simulation.id for _, _, simulation in MOVING]


@pytest.fixture
def reader(home: Path) -> Iterator[Browser]:
    with closing(Browser(site(COURSE.root, home))) as browser:
        yield browser


def simulation_box(html: str, id_: str) -> str:
    found = re.search(rf'<section class="box wide sim[^>]*id="sim-{id_}".*?</section>', html, re.DOTALL)
    assert found, html
    return found[0]


def settings(box: str) -> dict[str, Any]:
    (text,) = re.findall(r'data-settings="([^"]*)"', box)
    return dict(json.loads(unescape(text)))


@pytest.mark.parametrize(("lesson", "section", "simulation"), MOVING, ids=IDS)
def test_it_is_veiled_until_the_prediction_is_recorded(
    lesson: str, section: str, simulation: Any, reader: Browser
) -> None:
    question = COURSE.practice(lesson).question(simulation.question)
    assert isinstance(question, SingleQuestion)
    before = simulation_box(reader.get(f"/lesson/{lesson}/{section}").text, simulation.id)
    assert (
        'class="box wide sim veiled"' in before and '<fieldset class="controls needs-js" disabled>' in before
    )
    assert "then" not in settings(before)
    assert not any(option.why[:30] in before for option in question.options)
    after = before
    for wrong in [letter for letter in question.option_ids if letter != question.answer][:2]:
        assert "sim veiled" in after and "then" not in settings(after)  # one wrong answer is not the last
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', after))
        answer = reader.send(f"/question/{question.id}", **(fields | {"do": "answer", "answer": wrong}))
        after = simulation_box(answer.text, simulation.id)
    assert "veiled" not in after and " disabled>" not in after.partition("</form>")[2]
    assert "then" in settings(after)
    assert "style=" not in after and "<script" not in after


def test_a_kit_has_no_prediction_and_no_veil(tmp_path: Path, home: Path, tiny: Path) -> None:
    unrolled = next(simulation for _, _, simulation in MOVING if simulation.id == IDS[0])
    assert sealed_lesson(COURSE.lesson("day4")).section("2.1").simulations == (unrolled,)  # type: ignore[union-attr]
    lesson = tiny / "lessons/tiny.yaml"
    fields = "id: s, kind: unrolled, title: T, text: X., question: tiny-p1"
    values = "{inputs: [1, 0], input_weight: 1, recurrent_weight: 0.5, shown: 1, then: 1}"
    moving = f"simulations: [{{{fields}, settings: {values}}}], questions: [tiny-q1, tiny-q2]"
    lesson.write_text(lesson.read_text().replace("questions: [tiny-q1, tiny-q2]", moving))
    with closing(Browser(site(sealed(tiny), home))) as browser:
        box = simulation_box(browser.get("/lesson/tiny/1").text, "s")
    assert "veiled" not in box and "<form" not in box


def test_the_scripts_are_small() -> None:
    assert sum(path.stat().st_size for path in MODULES.rglob("*.js")) < 60_000


@pytest.fixture(scope="module")
def page(chromium: Any, command: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A window on the bundled course."""
    with opening(command, tmp_path_factory.mktemp("home")) as opened, window(chromium, opened) as page:
        yield page


def ready(page: Any, section: str) -> Any:
    """Open a section and return its simulation, once the script runs it."""
    page.goto(f"/lesson/day4/{section}")
    page.wait_for_selector(".sim[data-ready]")
    return page.locator(".sim")


def predict(page: Any, box: Any) -> None:
    """Answer the question and wait until the veil lifts."""
    if box.get_attribute("class").endswith("veiled"):
        box.locator("[name=answer]").last.check()
        box.get_by_role("button", name="Check").click()
        page.wait_for_selector(".sim .option[data-verdict]")
        if box.get_by_role("button", name="Skip").count():
            assert "veiled" in box.get_attribute("class")  # the learner may try again
            box.get_by_role("button", name="Skip").click()
        page.wait_for_selector(".sim:not(.veiled)")


def told(page: Any, box: Any, words: str) -> None:
    """Wait until the sentence below the picture holds these words."""
    node = box.locator(".tell").element_handle()
    page.wait_for_function(
        "([node, words]) => node.textContent.includes(words)", arg=[node, words], timeout=10_000
    )


@pytest.mark.parametrize(
    ("section", "slider", "key", "before", "after"),
    [
        ("2.1", "Recurrent weight", "ArrowLeft", "state is 0.440", "state is 0.374"),
        ("4.3", "LSTM forget bias", "Home", "is 0.36 at lag 50", "e−"),
        ("5.2", "Update gate", "Home", "the state is 0.762", "the state is −"),
        pytest.param(
            "3.2", "RNN weights times", "Home", "2.3e10 at lag 100", "e−", marks=pytest.mark.exhaustive
        ),
        pytest.param(
            "4.2", "Forget gate", "End", "36% of the 0.762", "100% of", marks=pytest.mark.exhaustive
        ),
    ],
)
def test_a_slider_that_the_keyboard_moves_changes_numbers_and_words(
    section: str, slider: str, key: str, before: str, after: str, page: Any
) -> None:
    box = ready(page, section)
    handle = box.get_by_role("slider", name=slider)
    assert handle.is_disabled()
    assert not box.locator(".after, .later .f-state").first.is_visible()
    predict(page, box)
    told(page, box, before)
    number = box.locator(f"output[for={handle.get_attribute('id')}]")
    shown, picture = number.text_content(), pictures(box)
    handle.focus()
    page.keyboard.press(key)
    told(page, box, after)
    assert number.text_content() != shown
    assert pictures(box) != picture


def pictures(box: Any) -> str:
    return str(box.evaluate("node => [...node.querySelectorAll('svg')].map(svg => svg.outerHTML).join()"))


def accessible(page: Any) -> None:
    """Assert that axe finds nothing in either theme."""
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context=".sim")
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(
    "section", ["4.2", *(pytest.param(s, marks=pytest.mark.exhaustive) for s in ("2.1", "3.2", "4.3", "5.2"))]
)
def test_a_simulation_is_accessible_and_fits_a_phone(section: str, page: Any) -> None:
    box = ready(page, section)
    accessible(page)
    predict(page, box)
    box.locator("summary").click()
    accessible(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.querySelector('.sim').scrollWidth <= innerWidth - 32")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_bolt_is_pulled_and_nothing_moves_unasked(page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    box = ready(page, "4.2")
    predict(page, box)
    bolt = box.locator("[data-pull=f] .f-gate").first
    bolt.scroll_into_view_if_needed()
    at = bolt.bounding_box()
    x, y = at["x"] + at["width"] / 2, at["y"] + 5
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 25, steps=3)
    page.mouse.up()
    assert float(box.get_by_role("slider", name="Forget gate").input_value()) < 0.7
    told(page, box, "less than 0.1% of the 0.762")
    box.get_by_role("button", name="10 steps on").click()
    assert box.get_by_role("slider", name="Step").input_value() == "11"
    page.emulate_media(reduced_motion="no-preference")


def test_an_input_is_typed_and_the_steps_are_walked(page: Any) -> None:
    box = ready(page, "2.1")
    predict(page, box)
    weight = box.get_by_role("slider", name="Recurrent weight").input_value()
    box.locator(".un-inputs input").nth(5).fill("-1")
    told(page, box, "state is −")
    assert box.get_by_text("Pale: the setting before.").is_visible()
    box.get_by_role("button", name="Back").click()
    assert box.locator("[data-n=at]").text_content() == "5"
    assert "After step 5" in box.locator(".tell").text_content()  # at once, as the picture
    assert box.get_by_role("button", name="Next step").is_enabled()
    box.get_by_role("button", name="Start again").click()
    assert box.locator(".un-inputs input").nth(5).input_value() == "0"
    assert box.get_by_role("slider", name="Recurrent weight").input_value() == weight
