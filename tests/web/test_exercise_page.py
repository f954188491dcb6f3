"""The page of an exercise without scripts: forms, one real judge, and the terminal beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from judging import course_command, wait_until
from sound_course import SOLUTION, SoundCourse
from web_pages import Browser, sealed, site

from grader.progress.log import AttemptLog

PAGE = "/exercise/exercise-x"
WRONG = """
import numpy as np

def scaled(x, factor=2):
    print("<script>alert(1)</script>")
    return np.asarray(x, dtype=float) + factor

def first(x):
    return float(np.asarray(x)[0])
"""


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return SoundCourse(tmp_path / "course").root


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def browser(sound: Path, home: Path) -> Iterator[Browser]:
    now = site(sound, home, clock=lambda: datetime.now(UTC))  # the terminal's clock
    with closing(Browser(now)) as browser:
        yield browser


def base(browser: Browser) -> str:
    found = re.search(r'name="base" value="(\w*)"', browser.get(PAGE).text)
    assert found
    return found[1]


def check(browser: Browser, code: str) -> str:
    """Check the code as a browser without scripts does, and return the page with the verdict."""
    answer = browser.send(f"{PAGE}/check", code=code, base=base(browser))
    assert answer.status_code == 200, answer.text

    def over() -> bool:
        nonlocal answer
        answer = browser.get(str(answer.url.raw_path, "ascii"))
        return "refresh" not in answer.headers

    wait_until(over, 60)
    return answer.text


def checks(home: Path) -> list[float | None]:
    log = AttemptLog(home / "attempts.sqlite")
    found = [attempt.score for attempt in log.attempts() if attempt.kind == "check"]
    log.close()
    return found


def test_a_wrong_function_a_hint_and_the_right_one(browser: Browser, sound: Path, home: Path) -> None:
    first = browser.get(PAGE).text
    assert "raise NotImplementedError" in first and "Not checked yet" in first
    told = check(browser, WRONG)
    assert "1 of 4 points" in told and "ask for?" in told
    assert "More is better." in told and 'href="/lesson/tiny/2"' in told
    assert "<script>alert" not in told and "&lt;script&gt;alert(1)" in told  # code, and what it printed
    assert "Any numbers are multiplied." in told and "rng.normal" not in told  # a title, and never the test
    assert (home / "exercise_x.py").read_text() == WRONG
    hinted = browser.send(f"{PAGE}/hint", function="scaled").text
    assert "Think of one number first." in hinted
    of_home: Any = {"cwd": home, "COURSE_HOME": str(home)}
    terminal = course_command("--course", sound, "hint", "exercise-x", "scaled", **of_home)
    assert "There are no more hints" in terminal.stdout, terminal.stderr  # of the same ladder
    good = check(browser, SOLUTION)
    assert "4 of 4 points" in good and "Every test passed." in good
    assert re.search(r'class="next">Next: <a href="/lesson/tiny/1">', good) and 'class="next"' not in told
    assert checks(home) == [1, 4]
    past = browser.get(f"{PAGE}/report").text
    assert past.count('class="past"') == 2 and past.index("4 of 4 points") < past.index("1 of 4 points")


def test_a_kit_calls_nothing_right_before_its_hidden_tests(sound: Path, home: Path) -> None:
    with closing(Browser(site(sealed(sound), home, clock=lambda: datetime.now(UTC)))) as browser:
        told = check(browser, SOLUTION)
        assert "Every visible test passed. Your instructor will also run 1 hidden test" in told
        assert "passes the visible tests" in told and "Hand in exercise_x.py." in told
        assert "Hand in exercise_x.py." in browser.get("/").text
        assert "in a kit only the visible ones" in browser.get("/progress").text


def test_a_file_that_has_changed_is_told_and_kept(browser: Browser, home: Path) -> None:
    loaded = base(browser)
    (home / "exercise_x.py").write_text("x = 1\n")
    refused = browser.send(f"{PAGE}/save", code="x = 2\n", base=loaded)
    assert refused.status_code == 409 and "has changed on the disk" in refused.text
    assert "x = 2" in refused.text and "Save mine over it" in refused.text
    assert (home / "exercise_x.py").read_text() == "x = 1\n"
    assert browser.send(f"{PAGE}/save", code="x = 2\n", base=base(browser)).status_code == 200
    assert (home / "exercise_x.py").read_text() == "x = 2\n"


def test_a_notebook_is_checked_and_not_edited(browser: Browser, home: Path) -> None:
    (home / "exercise_x.ipynb").write_text('{"cells": [{"cell_type": "code", "source": ["x = 1"]}]}')
    shown = browser.get(PAGE).text
    assert "is a notebook. Edit it in Jupyter" in shown and "<textarea" not in shown
    assert browser.send(f"{PAGE}/save", code="x = 2\n", base="").status_code == 409


def test_unknown_exercises_and_checks(browser: Browser) -> None:
    assert "did you mean" in browser.get("/exercise/exercise-y").text
    assert browser.get(f"{PAGE}/events/7").status_code == 404
    assert browser.send(f"{PAGE}/hint", function="nothing").status_code == 404
    assert browser.get(f"{PAGE}?wait=99999999999").status_code == 200


def test_an_unknown_exercise_is_not_found(browser: Browser) -> None:
    answer = browser.get("/exercise/exercise-nothing")
    assert answer.status_code == 404 and '<p class="says">No exercise is called' in answer.text
