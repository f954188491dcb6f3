"""An exercise in a real browser: type, check, read, get help, fix; with scripts and without."""

from __future__ import annotations

import io
import json
import keyword
import os
import re
import sys
import tokenize
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from chromium import THEMES, WIDTHS, assert_accessible, new_page, see
from judging import course_command, wait_until
from opened import Opened, opening
from sound_course import SOLUTION, SoundCourse

pytest.importorskip("starlette", reason="pip install 'course-grader[web]'")

ROOT = Path(__file__).parents[2]
PRINTS = '    print("<img src=x onerror=document.title=1>")\n'
WRONG = SOLUTION.replace("* factor", "+ factor").replace("factor=2):\n", f"factor=2):\n{PRINTS}")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return SoundCourse(tmp_path / "course").root


def open_course(course: Path, here: Path) -> AbstractContextManager[Opened]:
    command = str(Path(sys.executable).with_name("course"))
    return opening(command, here / "home", course, here)


def go(page: Any, opened: Opened, path: str) -> None:
    page.goto(opened.address.replace("/?", f"{path}?"))


def value(page: Any) -> str:
    return str(page.input_value("#code"))


def scrolled(page: Any) -> int:
    return int(page.evaluate("document.querySelector('.editor').scrollLeft"))


def assert_keys_edit(page: Any) -> None:
    """Assert that the keys of an editor work and that the browser can undo them."""
    code = page.locator("#code")
    code.fill("")
    page.keyboard.type("def f(x):\nreturn [x")
    assert value(page) == "def f(x):\n    return [x"
    page.keyboard.type("]\ny = 1")
    assert value(page) == "def f(x):\n    return [x]\ny = 1"
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert value(page).endswith("\n    y = 1")
    page.keyboard.press("Shift+Tab")
    assert value(page).endswith("\ny = 1")
    page.keyboard.press("Control+z")
    assert value(page).endswith("\n    y = 1")
    assert page.locator(".ink").text_content().rstrip("\n") == value(page)
    assert page.locator(".lines").text_content() == "1\n2\n3"
    assert page.locator(".ink .key").all_text_contents() == ["def", "return"]
    page.keyboard.press("Home")
    page.keyboard.type("long" * 50)
    assert scrolled(page) > 500
    page.keyboard.press("Home")
    assert scrolled(page) == 0  # no text is left below the line numbers
    page.keyboard.press("End")
    for _ in range(50):
        page.keyboard.press("Enter")
    assert scrolled(page) == 0
    below = "(e => e.scrollHeight - e.clientHeight - e.scrollTop)(document.querySelector('.editor'))"
    assert page.evaluate(below) < 16  # the new line is in view
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "code"


def test_type_a_wrong_function_see_the_mistake_and_fix_it(chromium: Any, here: Path, sound: Path) -> None:
    with open_course(sound, here) as address:
        page = new_page(chromium, viewport={"width": 1280, "height": 900})
        go(page, address, "/exercise/exercise-x")
        assert_keys_edit(page)
        page.fill("#code", WRONG)
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(".idea")
        assert page.locator("#verdict-t").inner_text() == "1 of 4 points"
        assert "More is better." in page.locator(".func[open] .idea").inner_text()
        assert "<img src=x" in page.locator(".tests").first.inner_text()  # what the code printed
        assert page.title() != "1"
        page.click(".hint button")
        page.wait_for_selector("text=Think of one number first.")
        assert_accessible(page)
        page.fill("#code", SOLUTION)
        assert "has changed since" in page.locator(".fresh").inner_text()
        page.click("#check")
        page.wait_for_selector("text=4 of 4 points >> visible=true")
        assert page.locator(".place .num").inner_text() == "4 of 4 points"
        assert page.errors == []


@pytest.mark.exhaustive
def test_the_terminal_and_other_editors_share_file_and_attempts(
    chromium: Any, here: Path, sound: Path
) -> None:
    with open_course(sound, here) as address:
        page = new_page(chromium)
        go(page, address, "/exercise/exercise-x")
        page.fill("#code", WRONG)
        page.click("#check")
        page.wait_for_selector(".idea")
        # the terminal has the same file, and the page sees the terminal's check
        first = page.get_attribute(".verdict", "data-attempt")
        done = course_command("--course", sound, "check", "exercise-x", cwd=here)
        assert "Score: 1 of 4" in done.stdout, done.stderr
        see(page, lambda: page.get_attribute(".verdict", "data-attempt") != first)
        # another editor saves the file
        (here / "exercise_x.py").write_text("# mine\n" + SOLUTION)
        see(page, lambda: value(page).startswith("# mine"))
        page.fill("#code", "x = 1\n")
        (here / "exercise_x.py").write_text("# newer\n" + SOLUTION)
        page.wait_for_selector("text=has changed on the disk")
        page.click("#take-disk")
        see(page, lambda: value(page).startswith("# newer"))
        assert page.errors == []


def tokens(source: str) -> list[tuple[str, str]]:
    """Return the comments and keywords of a program as Python's own tokenizer sees them."""
    found, inside = [], 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        name = tokenize.tok_name[token.type]
        inside += {"FSTRING_START": 1, "FSTRING_END": -1}.get(name, 0)
        if name == "COMMENT":
            found.append(("rem", token.string))
        elif name == "NAME" and keyword.iskeyword(token.string) and not inside:
            found.append(("key", token.string))
    return found


@pytest.mark.exhaustive
def test_the_highlighter_sees_what_python_sees(chromium: Any, here: Path, sound: Path) -> None:
    with open_course(sound, here) as address:
        page = new_page(chromium)
        go(page, address, "/exercise/exercise-x")
        for path in [*(ROOT / "exercises").rglob("*.py"), *(ROOT / "grader/web").rglob("*.py")]:
            source = path.read_text()
            found = page.evaluate("async s => (await import('/static/python.js')).pieces(s)", source)
            assert "".join(text for _, text in found) == source
            assert [(kind, text) for kind, text in found if kind in ("rem", "key")] == tokens(source), path


@pytest.mark.exhaustive
def test_a_notebook_is_checked_at_each_save(chromium: Any, here: Path, sound: Path) -> None:
    def notebook(code: str) -> str:
        return json.dumps({"cells": [{"cell_type": "code", "source": [code], "metadata": {}, "outputs": []}]})

    file = here / "exercise_x.ipynb"
    file.write_text(notebook(WRONG))
    with open_course(sound, here) as address:
        page = new_page(chromium)
        go(page, address, "/exercise/exercise-x")
        page.click("#check")
        page.wait_for_selector(".idea")
        file.write_text(notebook(SOLUTION))
        page.wait_for_selector("text=4 of 4 points >> visible=true")
        assert file.read_text() == notebook(SOLUTION) and scores(here) == [1, 4]
        assert page.errors == []


@pytest.mark.exhaustive
def test_without_scripts(chromium: Any, here: Path, sound: Path) -> None:
    with open_course(sound, here) as address:
        page = new_page(chromium, java_script_enabled=False)
        go(page, address, "/exercise/exercise-x")
        page.fill("#code", WRONG)
        page.click("#check")
        page.wait_for_selector(".idea")
        see(page, lambda: "wait=" not in page.url)  # the page has refreshed itself, and then stopped
        page.click(".hint button")
        page.wait_for_selector("text=Think of one number first.")
        page.fill("#code", SOLUTION)
        page.click("#check")
        page.wait_for_selector("text=4 of 4 points")
        page.click("text=All checks of this exercise")
        assert page.locator(".past").count() == 2


@pytest.mark.exhaustive
def test_two_tabs_a_reload_and_a_closed_tab(chromium: Any, here: Path, sound: Path) -> None:
    slow = "import time\ntime.sleep(3)\n"
    with open_course(sound, here) as address:
        page = new_page(chromium)
        go(page, address, "/exercise/exercise-x")
        page.fill("#code", slow + WRONG)
        page.click("#check")
        page.wait_for_selector("text=Checking")
        other = page.context.new_page()
        other.goto(page.url)
        other.wait_for_selector("text=Checking")  # the second tab follows the same check
        page.reload()
        page.wait_for_selector("text=Checking")
        page.close()
        other.wait_for_selector(".idea", timeout=60_000)
        other.fill("#code", slow + SOLUTION)
        other.click("#check")
        other.wait_for_selector("text=Checking")
        other.close()  # nobody looks, and the check goes on
        late = course_command
        wait_until(
            lambda: (
                "4 of 4" in late("--course", sound, "progress", "--json", cwd=here).stdout
                or scores(here) == [1, 4]
            ),
            60,
        )
        assert scores(here) == [1, 4]


@pytest.mark.exhaustive
def test_ctrl_c_during_a_check_leaves_nothing_broken(chromium: Any, here: Path, sound: Path) -> None:
    with open_course(sound, here) as address:
        page = new_page(chromium)
        go(page, address, "/exercise/exercise-x")
        page.fill("#code", f"import time\ntime.sleep(8)\n{SOLUTION}")
        page.click("#check")
        page.wait_for_selector("text=Checking")
    page.fill("#code", "# kept\n")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=The course has stopped.")
    assert value(page) == "# kept\n"
    assert scores(here) == []
    done = course_command("--course", sound, "check", "exercise-x", cwd=here)
    assert "Score: 4 of 4" in done.stdout, done.stdout + done.stderr


@pytest.mark.exhaustive
def test_pictures_of_the_course_s_own_exercise(chromium: Any, here: Path, tmp_path: Path) -> None:
    """With COURSE_SCREENSHOTS, the screenshots are kept there."""
    out = Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path))
    exercise = ROOT / "exercises/exercise-lstm"
    mistakes = ("window_never_moves", "one_time_early")
    code = (exercise / "solution.py").read_text() + "".join(
        "\n\n" + (exercise / f"mistakes/{name}.py").read_text() for name in mistakes
    )
    with open_course(ROOT, here) as address:
        page = new_page(chromium, viewport={"width": 1280, "height": 900})
        go(page, address, "/exercise/exercise-lstm")
        assert_accessible(page)
        page.fill("#code", code)
        page.click("#check")
        page.wait_for_selector(".figures", timeout=120_000)
        label = page.get_attribute(".figures svg", "aria-label")
        assert re.search(r"is shifted along x by", label)
        assert page.locator(".figures .l-you").count() >= 1
        for theme in THEMES:
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=out / f"exercise-{theme}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 320, "height": 700})
        assert_accessible(page)
        page.fill("#code", "# later\n" + code)
        assert page.get_attribute("#verdict", "data-stale") is not None
        assert_accessible(page)
        hidden = (exercise / "hidden_tests.py").read_text()
        shown = page.content()
        assert not [line for line in hidden.splitlines() if len(line) > 60 and line.strip() in shown]


def scores(here: Path) -> list[float | None]:
    from grader.progress.log import AttemptLog

    log = AttemptLog(here / "home" / "attempts.sqlite")
    found = [attempt.score for attempt in log.attempts() if attempt.kind == "check"]
    log.close()
    return found
