"""The author's bar: what a page shows, what is wrong with that, and that learners have none of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sound_course import QUIZ, SoundCourse
from web_pages import NOW, SETTINGS, TOKEN, Browser, site

from grader.authoring.validation import Validation
from grader.authoring.watching import State
from grader.content.course import Course
from grader.content.problem import Problem
from grader.progress.evidence import Contents
from grader.web.author import Author, page_at
from grader.web.identity import OneLearner
from grader.web.site import site_of
from grader.web.store import OneLog
from grader.web.workplace import OneDirectory

SECOND = QUIZ.partition("questions:\n")[2].replace("tiny-q1", "tiny-q2")
LESSON, PRACTICE, EXERCISE = "lessons/tiny.yaml", "quizzes/practice/tiny.yaml", "exercises/exercise-x"
WORDS = {  # words of a file, and the pages that show them
    (LESSON, "One and two, then"): {"/lesson/tiny/1", "/lesson/tiny"},
    (LESSON, "One and one."): {"/lesson/tiny/2", "/lesson/tiny"},
    (LESSON, "You can count."): {"/lesson/tiny"},
    ("quizzes/tiny.yaml", "id: tiny-q1"): {
        "/lesson/tiny/1",
        "/quiz/tiny/1",
        "/question/tiny-q1/3",
        "/quiz/tiny",
    },
    ("quizzes/tiny.yaml", "id: tiny-q2"): {"/quiz/tiny/2", "/quiz/tiny"},
    (PRACTICE, "left one out"): {"/question/tiny-p1/1", "/practice/tiny"},
    (PRACTICE, "Rows first"): {"/question/tiny-p2/1", "/practice/tiny"},
    (f"{EXERCISE}/hidden_tests.py", "def test_first"): {"/exercise/exercise-x"},
    (f"{EXERCISE}/exercise.yaml", "id: second-one"): {"/exercise/exercise-x"},
}
PAGES = set().union(*WORDS.values())


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    sound = SoundCourse(tmp_path / "sound")
    sound.append("quizzes/tiny.yaml", SECOND)
    return sound


@pytest.mark.parametrize(("file", "words"), WORDS)
def test_a_problem_belongs_to_the_pages_that_show_its_place(
    sound: SoundCourse, file: str, words: str
) -> None:
    course = Course(sound.root)
    problem = Problem(str(sound.root / file), sound.line(file, words), "it is wrong", "fix it")
    contents = Contents.of(course)
    listing = {path for path in PAGES if page_at(path, course, contents).problems((problem,))}
    assert listing == WORDS[file, words]
    for path in ("/", "/progress", "/author", "/nothing"):
        assert page_at(path, course, contents).problems((problem,))


@pytest.mark.parametrize(
    ("file", "old", "new", "pages"),
    [
        (LESSON, "One and one.", "One and two.", {"/lesson/tiny/2", "/lesson/tiny"}),
        (PRACTICE, "Rows first", "Rows come", {"/question/tiny-p2/1", "/practice/tiny"}),
        ("lessons/figures/three.svg", "<svg", "<svg ", {"/lesson/tiny/1"}),
        (f"{EXERCISE}/exercise.yaml", "text: Words.", "text: More words.", {"/exercise/exercise-x"}),
        (f"{EXERCISE}/hidden_tests.py", "Not all are", "Some are not", set()),
        # a file that cannot be read counts as a whole
        (
            PRACTICE,
            "id: tiny-p1",
            "id: [tiny-p1",
            {"/question/tiny-p1/1", "/question/tiny-p2/1", "/practice/tiny"},
        ),
    ],
)
def test_a_page_loads_again_when_what_it_shows_has_changed(
    sound: SoundCourse, file: str, old: str, new: str, pages: set[str]
) -> None:
    course = Course(sound.root)
    contents = Contents.of(course)
    before = {path: page_at(path, course, contents).stamp() for path in PAGES}
    sound.replace(file, old, new)
    assert {path for path in PAGES if page_at(path, course, contents).stamp() != before[path]} == pages


def test_lines_that_move_are_no_change(sound: SoundCourse) -> None:
    course = Course(sound.root)
    contents = Contents.of(course)
    before = page_at("/question/tiny-p2/1", course, contents).stamp()
    sound.replace(PRACTICE, "id: tiny-p1", "id: tiny-p1\n    # a comment")
    assert page_at("/question/tiny-p2/1", course, contents).stamp() == before


# --- pages ---


@pytest.fixture
def author(sound: SoundCourse) -> Author:
    return Author(Course(sound.root))


@pytest.fixture
def browser(sound: SoundCourse, author: Author, home: Path) -> Iterator[Browser]:
    """A browser on the preview of a course."""
    log = OneLog(home / "attempts.sqlite", lambda: NOW)
    here = site_of(
        Course(sound.root), lambda: NOW, OneLearner(TOKEN), log, SETTINGS, OneDirectory(home), author
    )
    with closing(Browser(here)) as browser:
        yield browser


def state(*problems: Problem, waiting: tuple[str, ...] = ()) -> State:
    validation = Validation(course="", ok=not problems, problems=problems, exercises=(), seconds=0.1)
    return State(validation, waiting)


def test_a_page_lists_its_problems_as_text(browser: Browser, author: Author, sound: SoundCourse) -> None:
    assert "Reading the course …" in browser.get("/lesson/tiny/1").text
    file = str(sound.root / LESSON)
    here = Problem(file, sound.line(LESSON, "One and two"), "<b> is wrong", "fix it")
    there = Problem(file, sound.line(LESSON, "One and one."), "it is missing", "write it")
    author.publish(state(here, there, waiting=("exercise-x",)))
    text = browser.get("/lesson/tiny/1").text
    assert f"<code>{LESSON}:{here.line}</code> &lt;b&gt; is wrong — fix it" in text
    assert "it is missing" not in text and str(sound.root) not in text
    assert "1 more elsewhere" in text
    assert "Proving exercise-x …" in text
    assert "is not kept" in text
    assert '<a class="no-js" href="/lesson/tiny/1">Reload</a>' in text
    text = browser.get("/author").text
    assert "it is missing" in text
    assert "more elsewhere" not in text
    author.publish(state(here, there))
    assert "Not proven: 2 problems in the course." in browser.get("/lesson/tiny/1").text
    author.publish(state())
    assert "Proven. Nothing is broken." in browser.get("/lesson/tiny/1").text
    author.fail("there is no sandbox")
    assert "The preview no longer follows: there is no sandbox" in browser.get("/lesson/tiny/1").text


def test_while_a_file_is_broken_the_last_content_stays(
    browser: Browser, author: Author, sound: SoundCourse
) -> None:
    assert "One and one." in browser.get("/lesson/tiny/2").text
    sound.replace(LESSON, "id: tiny\n", "id: [tiny\n")
    author.publish(state(Problem(str(sound.root / LESSON), 2, "not valid YAML", "check it")))
    answer = browser.get("/lesson/tiny/2")
    assert answer.status_code == 200
    assert "One and one." in answer.text
    assert "not valid YAML" in answer.text
    sound.replace(LESSON, "id: [tiny\n", "id: tiny\n")
    sound.replace(LESSON, "One and one.", "Two and two.")
    assert "Two and two." in browser.get("/lesson/tiny/2").text


def test_a_course_that_is_broken_from_the_beginning_is_told(
    sound: SoundCourse, author: Author, home: Path
) -> None:
    sound.replace(LESSON, "id: tiny\n", "id: [tiny\n")
    author.publish(state(Problem(str(sound.root / LESSON), 2, "not valid YAML", "check it")))
    log = OneLog(home / "attempts.sqlite", lambda: NOW)
    course = Course(sound.root)
    here = site_of(course, lambda: NOW, OneLearner(TOKEN), log, SETTINGS, OneDirectory(home), author)
    with closing(Browser(here, admitted=False)) as browser:
        answer = browser.get("/", params={"token": TOKEN})
    assert answer.status_code == 409
    assert "not valid YAML" in answer.text
    assert "author.js" in answer.text


def test_a_learner_s_pages_have_nothing_of_it(sound: SoundCourse, home: Path) -> None:
    with closing(Browser(site(sound.root, home))) as browser:
        for path in ("/author", "/author/events", "/author/events?page=/"):
            assert browser.get(path).status_code == 404
        for path in ("/", "/lesson/tiny/1", "/exercise/exercise-x"):
            assert "author" not in browser.get(path).text
