"""A browser on the small course."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

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
