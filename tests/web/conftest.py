"""A browser on the small course."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="pip install 'course-grader[web]'")

from web_pages import Browser, site


@pytest.fixture
def browser(tiny: Path, home: Path) -> Iterator[Browser]:
    """A browser that was opened with the token."""
    with closing(Browser(site(tiny, home))) as browser:
        yield browser


@pytest.fixture
def stranger(tiny: Path, home: Path) -> Iterator[Browser]:
    """A browser that has not seen the token."""
    with closing(Browser(site(tiny, home), admitted=False)) as browser:
        yield browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A running Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("there is no Chromium here: apt install chromium")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()
