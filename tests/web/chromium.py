"""Pages in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

SECONDS = 60.0  # for one step; a busy machine is not a failure
THEMES, WIDTHS = ("light", "dark"), (320, 768, 1280)


def new_page(browser: Any, **options: Any) -> Any:
    """Return a page of a new profile. An error of a script fails the test."""
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
    return page


def see(page: Any, condition: Callable[[], bool]) -> None:
    """Wait for a condition. (`wait_for_function` needs eval, which the page's policy forbids.)"""
    ends = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < ends, page.inner_text("main")
        page.wait_for_timeout(50)


def assert_accessible(page: Any) -> None:
    """Assert that axe finds nothing, in both themes, and that nothing is wider than the window."""
    from axe_playwright_python.sync_playwright import Axe

    for theme in THEMES:
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"the page is {wide} px too wide"
