"""`course preview` as a command: saves reach the page, and the author's own progress is left alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from chromium import assert_accessible
from opened import opening, window
from running import Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"


@contextmanager
def bars(client: httpx.Client, path: str) -> Iterator[Iterator[dict[str, str]]]:
    """Give the author's bars of a page as they come."""
    with client.stream("GET", "/author/events", params={"page": path}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        rows = (line.removeprefix("data: ") for line in answer.iter_lines() if line.startswith("data: "))
        yield map(json.loads, rows)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "course")


def save(path: Path, old: str, new: str) -> None:
    """Edit a file at one moment, as many editors do."""
    text, draft = path.read_text(), path.parents[2] / "draft"
    assert old in text
    draft.write_text(text.replace(old, new, 1))
    draft.replace(path)


def test_saves_reach_the_page_and_answers_are_not_kept(
    command: str, course: Path, home: Path, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    with (
        opening(command, home, course, here, "preview") as opened,
        httpx.Client(base_url=f"http://{opened.host}", timeout=60, follow_redirects=True) as client,
    ):
        assert client.get("/author/events").status_code == 401
        page = client.get(f"/lesson/day1/1?{opened.token}").text
        assert "is not kept" in page
        with bars(client, "/lesson/day1/1") as coming:

            def bar_with(words: str) -> dict[str, str]:
                return next(bar for bar in coming if words in bar["html"])

            first = next(coming)
            assert first["stamp"] in page
            bar_with("Proven. Nothing is broken.")
            save(course / "quizzes/day1.yaml", "    hints:", "    hintz:")
            assert bar_with("`hintz` is not a field here")["stamp"] != first["stamp"]
            save(course / "quizzes/day1.yaml", "    hintz:", "    hints:")
            assert bar_with("Proven. Nothing")["stamp"] == first["stamp"]
            mistake = "exercises/exercise-words/mistakes/cuts_at_blanks.py"
            save(course / mistake, "text.lower().split()", "[]")
            assert bar_with("1 more elsewhere")["stamp"] == first["stamp"]
            save(course / mistake, "[]", "text.lower().split()")
            bar_with("Proven. Nothing")
            gone = course / "exercises/exercise-words/mistakes/rarest_first.py"
            code = gone.read_text()
            gone.unlink()
            assert "no longer follows" not in bar_with("1 more elsewhere")["html"]
            gone.write_text(code)
            bar_with("Proven. Nothing")

        csrf = page.partition('data-csrf="')[2].partition('"')[0]
        form = {"csrf": csrf, "code": "# mine\n", "base": ""}
        origin = {"origin": f"http://{opened.host}"}
        assert "# mine" in client.post("/exercise/exercise-words/save", data=form, headers=origin).text
    assert not home.exists()
    assert not [*here.iterdir()]


def test_a_kit_has_no_preview(run: Run, tiny: Path) -> None:
    (tiny / "kit.yaml").write_text("version: '0'\nexercises: {}\n")
    done = run("--course", tiny, "preview", "--no-browser")
    assert done.returncode == 2
    assert "it cannot be previewed" in done.stderr


@pytest.mark.exhaustive
def test_in_a_browser_the_page_loads_again_and_keeps_its_place(
    chromium: Any, command: str, course: Path, home: Path
) -> None:
    lesson = course / "lessons/day1.yaml"
    with (
        opening(command, home, course, name="preview") as opened,
        window(chromium, opened, viewport={"width": 400, "height": 300}) as page,
    ):
        page.goto("/lesson/day1/1")
        page.get_by_text("Proven. Nothing is broken.").wait_for(timeout=60_000)
        page.evaluate("scrollTo(0, 400)")
        text = lesson.read_text()
        lesson.write_text(text.replace("text: |\n      ", "text: |\n      Edited now. ", 1))
        page.get_by_text("Edited now.").wait_for(timeout=20_000)
        assert page.evaluate("scrollY") == 400
        save(course / "quizzes/day1.yaml", "    hints:", "    hintz:")
        page.locator("#author li", has_text="hintz").wait_for(timeout=20_000)
        assert page.evaluate("scrollY") > 300
        assert page.locator("#author .no-js").is_hidden()
        assert_accessible(page)
        for path in ("/quiz/day1/proof", "/practice/day1/proof"):
            page.goto(path)
            assert_accessible(page)
