"""The pages for proofreading: every question with its whole key, in the preview and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from quiz_of_new_kinds import QUESTIONS
from sound_course import SoundCourse
from web_pages import NOW, SETTINGS, TOKEN, Browser, sealed, site

from grader.content.course import Course
from grader.web.author import Author
from grader.web.identity import OneLearner
from grader.web.site import site_of
from grader.web.store import OneLog
from grader.web.workplace import OneDirectory

MORE = """\
  - id: tiny-q5
    kind: multiple
    concepts: [numbers]
    section: "1"
    prompt: Which are even?
    options:
      - {text: Two, correct: true, why: Half of it is one.}
      - {text: Three, why: It leaves a rest.}
      - {text: Four, correct: true, why: Half of it is two.}
    hints: [Halve them.]
    explain: Halves are whole.
  - id: tiny-q6
    kind: ordering
    concepts: [numbers]
    section: "1"
    prompt: What comes first?
    items: [one, two, three]
    wrong:
      - {first: 1, second: 3, why: Three is the last.}
    otherwise: Use your fingers.
    hints: [Begin at one.]
    explain: One, two, three.
"""
PATHS = ("/quiz/tiny/proof", "/practice/tiny/proof")


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    sound = SoundCourse(tmp_path / "sound")
    pair = "otherwise: Count on.\n    hints: [Count the dots.]"
    foreseen = "wrong: [{item: 1, match: 2, why: That is the next one.}]\n    "
    assert QUESTIONS.count(pair) == 1
    sound.append("quizzes/tiny.yaml", QUESTIONS.replace(pair, foreseen + pair) + MORE)
    return sound


@pytest.fixture
def preview(sound: SoundCourse, home: Path) -> Iterator[Browser]:
    course, log = Course(sound.root), OneLog(home / "attempts.sqlite", lambda: NOW)
    place = OneDirectory(home)
    here = site_of(course, lambda: NOW, OneLearner(TOKEN), log, SETTINGS, place, Author(course))
    with closing(Browser(here)) as browser:
        yield browser


def words(browser: Browser, path: str) -> str:
    """Return the text of a page, without its tags."""
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_all_that_learners_may_be_told_is_on_one_page(preview: Browser) -> None:
    text = words(preview, "/quiz/tiny/proof")
    said = (
        "Question 1: tiny-q1 (1 point) What comes after one?",
        "Three ✗ not this Three comes after two. Two ✓ right Two follows one.",
        "Count on. Not three. Numbers go up by one.",
        "✓ right ten ✗ not yet nine That is where you start. Any other wrong answer: Count on.",
        "one → 2 That is the next one. Any other wrong answer: Count on.",
        "What earns points: It names a purpose.",
        "Two ✓ right Half of it is one. Three ✗ not this It leaves a rest. Four ✓ right Half of it is two.",
        "This is the right order.",
        "three before one Three is the last. Any other wrong answer: Use your fingers.",
    )
    for each in said:
        assert each in text, f"{each}\n{text}"
    assert "Three black dots" in preview.get("/quiz/tiny/proof").text
    assert "Check" not in text and "Skip and see" not in text
    assert preview.get("/quiz/nothing/proof").status_code == 404


def test_drawn_values_are_those_of_the_first_sitting(preview: Browser) -> None:
    text = words(preview, "/practice/tiny/proof")
    found = re.search(r"What comes after (\d+)\?", text)
    assert found
    number = int(found[1])
    assert f"✗ not yet {number} That is the number itself." in text
    assert f"The answer is {number + 1}. The values are those of the first sitting." in text
    assert f"Count on from {number}. After {number} comes {number + 1}." in text
    assert "{{" not in text


def test_the_pages_of_the_preview_lead_there(preview: Browser) -> None:
    for path in PATHS:
        assert f'href="{path}"' in preview.get(path.removesuffix("/proof")).text


@pytest.mark.parametrize("is_kit", [False, True])
def test_learners_never_get_there(sound: SoundCourse, home: Path, is_kit: bool) -> None:
    if is_kit:
        sealed(sound.root)
    with closing(Browser(site(sound.root, home))) as browser:
        for path in PATHS:
            assert browser.get(path).status_code == 404
            assert "proof" not in browser.get(path.removesuffix("/proof")).text
