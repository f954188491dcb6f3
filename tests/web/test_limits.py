"""What a browser can send: bodies that are too large, slow or strange, and too many requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from web_pages import ORIGIN, SETTINGS, Browser, site

from grader.web.limits import Rates

FORM = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def hasty(tiny: Path, home: Path) -> Iterator[Browser]:
    """A browser of a server that does not wait long for a body."""
    with closing(Browser(site(tiny, home, replace(SETTINGS, body_seconds=0.2)))) as browser:
        yield browser


def test_a_huge_body_is_refused(browser: Browser) -> None:
    answer = browser.post("/theme", content=b"a" * (SETTINGS.max_body + 1), headers=FORM)
    assert answer.status_code == 413


def test_a_huge_body_of_unknown_length_is_refused(browser: Browser) -> None:
    async def endless() -> object:
        for _ in range(100):
            yield b"a" * 65536

    assert browser.post("/theme", content=endless(), headers=FORM).status_code == 413


def test_a_slow_body_is_refused(hasty: Browser) -> None:
    async def slow() -> object:
        for _ in range(100):
            yield b"a"
            await asyncio.sleep(0.05)

    assert hasty.post("/theme", content=slow(), headers=FORM).status_code == 408


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("application/json", b"{}"),
        ("text/plain", b"csrf=x"),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("application/x-www-form-urlencoded", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"a=%ff"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(1000))),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_refused(browser: Browser, type_: str, body: bytes) -> None:
    headers = {"origin": ORIGIN, "content-type": type_, "x-csrf": browser.csrf}
    assert browser.post("/theme", content=body, headers=headers).status_code == 400


def test_too_many_requests_are_refused(tiny: Path, home: Path) -> None:
    with closing(Browser(site(tiny, home, replace(SETTINGS, burst=5, rate=0.001)))) as browser:
        codes = [browser.get("/glossary").status_code for _ in range(8)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_requests_are_counted_for_each_learner_and_forgiven_with_time() -> None:
    now = [0.0]
    rates = Rates(replace(SETTINGS, burst=2, rate=1.0), lambda: now[0])
    assert [rates.allows("a") for _ in range(3)] == [True, True, False]
    assert rates.allows("b")
    now[0] += 1
    assert [rates.allows("a") for _ in range(2)] == [True, False]
