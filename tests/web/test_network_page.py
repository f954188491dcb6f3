"""A learner's own network on the page: what it takes to see it, and what is told instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from network_course import record_check, write_network_course
from web_pages import NOW, Browser, site

from grader.content.course import Course

PAGE, DATA = "/exercise/exercise-x/network", "/exercise/exercise-x/networks.json"
BUILD_IT = "To see it, build it"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_network_course(tmp_path / "course")


@pytest.fixture
def browser(course: Course, home: Path) -> Iterator[Browser]:
    with closing(Browser(site(course.root, home))) as browser:
        yield browser


def data(browser: Browser) -> dict[str, Any]:
    answer = browser.get(DATA)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("outcomes", [(), ("failed",), ("passed", "crashed"), ("not_judged",)])
def test_until_its_tests_have_passed_the_box_tells_what_to_build(
    browser: Browser, course: Course, home: Path, outcomes: tuple[str, ...]
) -> None:
    record_check(course, home / "attempts.sqlite", NOW, *outcomes)
    for path in (PAGE, "/lesson/x/1", "/exercise/exercise-x"):
        text = browser.get(path).text
        assert BUILD_IT in text
        assert "<code>build</code>" in text
        assert "networks.json" not in text
        box = text.partition(BUILD_IT)[2].partition("</p>")[0]
        assert ("in the exercise <a" in box) is (path != "/exercise/exercise-x")  # no link to its own page
    assert data(browser) == {"networks": [], "problem": "Pass the tests of build first."}


def test_once_its_tests_have_passed_the_box_asks_for_a_prediction_first(
    browser: Browser, course: Course, home: Path
) -> None:
    record_check(course, home / "attempts.sqlite", NOW, "passed", "passed")
    record_check(course, home / "attempts.sqlite", NOW, "failed")  # a later experiment takes nothing away
    for path in (PAGE, "/lesson/x/1", "/exercise/exercise-x"):
        text = browser.get(path).text
        assert BUILD_IT not in text
        assert "networks.json" in text
        assert "sim veiled" in text
    browser.send("/question/x-p1", do="answer", answer="b", version="0", sitting="", back=PAGE)
    assert "sim veiled" in browser.get(PAGE).text  # the learner may try again
    browser.send("/question/x-p1", do="skip", version="1", sitting="", back=PAGE)
    assert "sim veiled" not in browser.get(PAGE).text


def test_what_prevents_it_is_told_in_words(browser: Browser, course: Course, home: Path) -> None:
    record_check(course, home / "attempts.sqlite", NOW, "passed")
    answer = data(browser)
    assert answer["networks"] == []
    assert answer["problem"].startswith("Your network cannot be shown: there is no exercise_x.")


@pytest.mark.parametrize("path", ["/exercise/nothing/network", "/exercise/nothing/networks.json"])
def test_an_unknown_exercise_has_no_network(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404
