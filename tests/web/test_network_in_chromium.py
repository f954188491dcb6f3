"""A learner's own network in a real browser: built, checked, trained by a judge, and run in the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chromium import assert_accessible, new_page, see
from network_course import SOLUTION, write_network_course
from opened import opening

pytest.importorskip("starlette", reason="pip install 'course-grader[web]'")
pytestmark = pytest.mark.exhaustive


def part(page: Any, name: str) -> Any:
    return page.locator(f'[data-part="{name}"]')


def pixels(page: Any) -> str:
    """Return what the strips of all quantities show."""
    return str(
        page.evaluate("[...document.querySelectorAll('.strips canvas')].map(c => c.toDataURL()).join()")
    )


def assert_moves(page: Any) -> None:
    """Assert that the keyboard moves time, wave and unit, and that words and pictures follow."""
    see(page, lambda: "At time 52" in part(page, "tell").inner_text())
    errors = page.locator('[data-whose="own"]')
    assert float(errors.nth(0).inner_text()) < float(errors.nth(2).inner_text())  # better than the last value
    before, ahead = pixels(page), part(page, "ahead").get_attribute("d")
    page.locator('[data-control="at"]').focus()
    page.keyboard.press("ArrowRight")
    see(page, lambda: "At time 53" in part(page, "tell").inner_text())
    assert pixels(page) != before
    page.locator('[data-control="frequency"]').focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    see(page, lambda: "its error on your wave" in part(page, "tell").inner_text())
    assert "× 3.0" in page.locator('output[data-of="frequency"]').inner_text()
    assert part(page, "ahead").get_attribute("d") != ahead
    calc = part(page, "calc").inner_text()
    page.locator('[data-control="unit"]').focus()
    page.keyboard.press("ArrowRight")
    see(page, lambda: part(page, "calc").inner_text() != calc)
    assert part(page, "calc").inner_text().startswith("Unit 2, step 4 of the window: h = z 0.")
    part(page, "reset").click()
    see(page, lambda: "your wave" not in part(page, "tell").inner_text())


def test_a_network_runs_as_soon_as_its_tests_pass(chromium: Any, command: str, tmp_path: Path) -> None:
    course, here = write_network_course(tmp_path / "course"), tmp_path / "work"
    here.mkdir()
    with opening(command, here / "home", course.root, here) as opened:
        page = new_page(chromium, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.goto(opened.address.replace("/?", "/exercise/exercise-x?"))
        assert "To see it, build it" in page.locator(".network").inner_text()
        page.fill("#code", SOLUTION)
        page.keyboard.press("Control+Enter")
        see(page, lambda: "First answer the question" in page.locator(".network").inner_text())
        page.locator('.sim .q [name="answer"]').first.check()
        page.locator('.sim .q button[value="answer"]').click()
        page.locator(".network").scroll_into_view_if_needed()
        page.wait_for_selector(".strips canvas")
        assert_moves(page)
        part(page, "play").click()
        see(page, lambda: "At time 63" in part(page, "tell").inner_text())  # ten steps, and nothing plays
        assert part(page, "play").inner_text() == "10 steps on"
        assert_accessible(page)
        page.set_viewport_size({"width": 320, "height": 800})
        assert_accessible(page)
        part(page, "network").select_option("1")
        see(page, lambda: "122,001 weights" in part(page, "facts").inner_text())
        assert page.errors == []
