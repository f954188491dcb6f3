"""The page with questions about the learner's own code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from own_course import FILE, RIGHT, write_own_course
from web_pages import NOW, Browser, site

from grader.content.course import Course
from grader.judge.own_questions import OwnQuestion
from grader.judge.submission import read_submission
from grader.progress.attempt import Attempt
from grader.progress.log import AttemptLog
from grader.tutor.recording import new_attempt
from grader.web.own_questions import CodeQuestions
from grader.web.site import Site

PAGE = "/exercise/exercise-sum/own"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[OwnQuestion, ...]:
    """The questions that a judge makes about the right code."""
    root = write_own_course(tmp_path_factory.mktemp("course"))
    (root / FILE).write_text(RIGHT)
    questions = CodeQuestions(Course(root))
    submission, functions = read_submission(root / FILE), ("add", "half")
    questions.make("exercise-sum", submission, functions)
    known = questions.known("exercise-sum", submission, functions)
    assert known
    return known


@pytest.fixture
def here(tmp_path: Path, home: Path) -> Site:
    home.mkdir()
    (home / FILE).write_text(RIGHT)
    return site(write_own_course(tmp_path / "course"), home)


@pytest.fixture
def browser(here: Site) -> Iterator[Browser]:
    with closing(Browser(here)) as browser:
        yield browser


def record_check(here: Site, home: Path) -> None:
    """Record a check that both functions passed, as the judge reports it."""
    environment = {"python": "", "numpy": "", "tensorflow": "", "keras": "", "platform": "", "threads": 1}
    tests = [
        {"id": f"test_{name}", "function": name, "title": "It works.", "outcome": "passed", "points": 1.0}
        | {"score": 1.0, "message": "", "visible": True}
        for name in ("add", "half")
    ]
    version = here.course.exercise_version("exercise-sum")
    report = {
        "exercise": "exercise-sum", "version": version, "score": 2.0, "max_score": 2.0, "passed": True,
        "tests": tests, "mistakes": [], "seed": 1, "seconds": 1.0,
        "environment": environment | {"confinement": "none: a separate process"},
    }  # fmt: skip
    attempt = new_attempt(NOW, "check", "exercise-sum", version, score=2.0, max_score=2.0, report=report)
    AttemptLog(home / "attempts.sqlite").append(attempt)


def answers(home: Path) -> list[Attempt]:
    log = AttemptLog(home / "attempts.sqlite")
    return [attempt for attempt in log.attempts() if attempt.kind in ("own", "skip")]


def keep(here: Site, made: tuple[OwnQuestion, ...], home: Path) -> None:
    """Let the page have the questions without another judge."""
    here.code_questions._made = lambda *_: made  # type: ignore[method-assign]


def version_of(text: str, own: OwnQuestion) -> str:
    form = text.partition(f'id="q-{own.question.id}"')[2]
    found = re.search(r'name="version" value="(\d+)"', form)
    assert found
    return found[1]


def test_before_a_function_has_passed_there_is_nothing_to_ask(browser: Browser) -> None:
    text = browser.get(PAGE).text
    assert "First pass all tests" in text
    assert "Ask me" not in text
    assert "/own" not in browser.get("/exercise/exercise-sum").text


def test_before_there_is_a_file_nothing_is_wrong(browser: Browser, home: Path) -> None:
    (home / FILE).unlink()
    text = browser.get(PAGE).text
    assert "First pass all tests" in text
    assert "alert" not in text


def test_a_file_that_has_gone_is_told_in_a_sentence(browser: Browser, here: Site, home: Path) -> None:
    record_check(here, home)
    (home / FILE).unlink()
    text = browser.get(PAGE).text
    assert "<p>There is no " in text
    assert "<code>course start exercise-sum</code>" in text


def test_after_a_check_the_page_asks_and_marks_the_line(
    browser: Browser, here: Site, home: Path, made: tuple[OwnQuestion, ...]
) -> None:
    record_check(here, home)
    keep(here, made, home)
    assert f'href="{PAGE}"' in browser.get("/exercise/exercise-sum").text
    assert "Ask me" in browser.get(PAGE).text
    text = browser.send(PAGE).text
    for own in made:
        assert f'id="q-{own.question.id}"' in text
        assert own.question.explain not in text
    assert re.search(r"<code>   1  .*\n(<mark>)?   2  .*\n", text)
    assert all(any(f"{place.line}  " in mark for mark in re.findall("<mark>(.*?)</mark>", text))
               for own in made for place in own.places)  # fmt: skip


def test_an_answer_is_recorded_once_and_explained(
    browser: Browser, here: Site, home: Path, made: tuple[OwnQuestion, ...]
) -> None:
    record_check(here, home)
    keep(here, made, home)
    text = browser.send(PAGE).text
    own, question = made[0], made[0].question
    fields = {"do": "answer", "answer": question.answer, "version": version_of(text, own)}
    text = browser.send(f"{PAGE}/{question.id}", **fields).text
    assert "Right at the first try." in text
    browser.send(f"{PAGE}/{question.id}", **fields)  # the same form, sent twice
    (attempt,) = answers(home)
    assert (attempt.kind, attempt.item, attempt.correct) == ("own", f"exercise-sum/{own.function}", True)
    assert attempt.report is not None
    assert attempt.report["template"] == own.template


def form_of(text: str, own: OwnQuestion) -> str:
    """Return the form of a question: all that a script takes from the answer."""
    found = re.search(rf'<form class="box q" id="q-{own.question.id}".*?</form>', text, re.DOTALL)
    assert found
    return found[0]


def test_without_scripts_every_step_is_a_form_of_the_page(
    browser: Browser, here: Site, home: Path, made: tuple[OwnQuestion, ...]
) -> None:
    """A browser sends the fields that are in the page, and no others."""
    record_check(here, home)
    keep(here, made, home)
    text = browser.get(PAGE).text
    asks = re.search(rf'<form method="post" action="({PAGE})">.*?</form>', text, re.DOTALL)
    assert asks and "<button" in asks[0]
    text = browser.send(asks[1]).text
    for own in made:
        form = form_of(text, own)
        action, method = (re.search(rf' {name}="([^"]+)"', form) for name in ("action", "method"))
        assert action and method and method[1] == "post"
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        assert re.search(r'<input[^>]* name="answer"', form)
        assert 'name="do" value="answer"' in form
        text = browser.send(action[1], **(fields | {"do": "answer", "answer": own.question.answer})).text
        assert 'class="explain' in form_of(text, own)
    assert [(each.kind, each.correct) for each in answers(home)] == [("own", True)] * len(made)


def test_a_script_finds_the_form_s_new_state_in_the_answer(
    browser: Browser, here: Site, home: Path, made: tuple[OwnQuestion, ...]
) -> None:
    """`question.js` sends the same form and takes the one with the same id from the answer."""
    record_check(here, home)
    keep(here, made, home)
    before = browser.send(PAGE).text
    assert 'src="/static/question.js' in before
    own, *others = made
    fields = {"do": "answer", "answer": "", "version": version_of(before, own)}
    refused = browser.send(f"{PAGE}/{own.question.id}", **fields)
    assert refused.status_code == 200
    assert 'role="status"' in form_of(refused.text, own)
    assert answers(home) == []
    after = browser.send(f"{PAGE}/{own.question.id}", **(fields | {"do": "skip"})).text
    assert 'class="explain' in form_of(after, own)
    for other in others:
        assert form_of(after, other) == form_of(before, other)


def test_a_question_can_be_skipped_which_is_no_evidence(
    browser: Browser, here: Site, home: Path, made: tuple[OwnQuestion, ...]
) -> None:
    record_check(here, home)
    keep(here, made, home)
    text = browser.send(PAGE).text
    name = made[0].question.id
    text = browser.send(f"{PAGE}/{name}", do="skip", version=version_of(text, made[0])).text
    assert "Skipped." in text
    assert [attempt.kind for attempt in answers(home)] == ["skip"]


def test_other_code_has_other_questions(
    browser: Browser, here: Site, home: Path, made: tuple[OwnQuestion, ...]
) -> None:
    record_check(here, home)
    keep(here, made, home)
    assert "Ask me" not in browser.send(PAGE).text
    (home / FILE).write_text(RIGHT + "\n# changed\n")
    assert "Ask me" in browser.get(PAGE).text
