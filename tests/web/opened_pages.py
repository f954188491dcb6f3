"""The page of a course in a real browser: a server on a free port, and Debian's Chromium."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from web_pages import TOKEN, site

from grader.web.server import listen
from grader.web.settings import Settings


@contextmanager
def served(root: Path, home: Path) -> Iterator[str]:
    """Serve a course and give its address, without a path."""
    from uvicorn import Config, Server

    from grader.web.application import create_application

    listening = listen("127.0.0.1", 0)
    settings = Settings(hosts=listening.hosts, cookie="course-test", secret=b"of this server")
    server = Server(Config(create_application(site(root, home, settings)), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening.socket]})
    thread.start()
    try:
        yield f"http://{listening.hosts[0]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Chromium, or skip the test where it is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("there is no Chromium here: apt install chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def admitted(browser: Any, address: str, **options: Any) -> Any:
    """Return a new page of a browser that has shown the token."""
    page = browser.new_context(**options).new_page()
    page.goto(f"{address}/?token={TOKEN}")
    return page
