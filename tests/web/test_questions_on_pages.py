"""Questions on a page: what is shown in each state, and what is recorded."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from sample_questions import ESSAY, KINDS
from web_pages import Browser, sealed, site

from grader.progress.attempt import Attempt
from grader.progress.log import AttemptLog

WHY = "Three comes after two."
EXPLAIN = "Numbers go up by one."
Attempts = Callable[[], list[Attempt]]


@pytest.fixture
def attempts(home: Path) -> Iterator[Attempts]:
    """What the log holds."""
    with closing(AttemptLog(home / "attempts.sqlite")) as log:
        yield log.attempts


def box(html: str, question: str) -> str:
    """Return the form of a question."""
    found = re.search(rf'<form class="box q" id="q-{question}".*?</form>', html, re.DOTALL)
    assert found, html
    return found[0]


def hidden(html: str) -> dict[str, str]:
    """Return the hidden fields of a form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


def do(browser: Browser, path: str, question: str, action: str, **fields: str | list[str]) -> str:
    """Press a button of a question and return its form afterwards."""
    own = hidden(box(browser.get(path).text, question))
    answer = browser.send(f"/question/{question}", **(own | {"do": action} | fields))
    assert answer.status_code == 200
    return box(answer.text, question)


def test_nothing_of_the_answer_is_in_the_page_before_it_is_given(browser: Browser) -> None:
    html = browser.get("/lesson/tiny/1").text
    for text in (WHY, "Two follows one", EXPLAIN, "Count on.", "off-by-one", "Counting starts"):
        assert text not in html


def test_a_wrong_answer_gets_its_remark_and_no_explanation(browser: Browser, attempts: Attempts) -> None:
    form = do(browser, "/lesson/tiny/1", "tiny-q1", "answer", answer="a", confidence="high")
    assert 'data-state="wrong"' in form
    assert WHY in form
    assert "✗ not this" in form
    assert EXPLAIN not in form
    assert "Two follows one" not in form
    (attempt,) = attempts()
    assert (attempt.answer, attempt.correct, attempt.first_try) == ("a", False, True)
    assert (attempt.confidence, attempt.misconception, attempt.quiz) == ("high", "off-by-one", "tiny")


def test_then_a_hint_then_the_right_answer(browser: Browser, attempts: Attempts) -> None:
    do(browser, "/lesson/tiny/1", "tiny-q1", "answer", answer="a")
    form = do(browser, "/lesson/tiny/1", "tiny-q1", "hint")
    assert "Count on." in form
    assert "Not three." not in form
    form = do(browser, "/lesson/tiny/1", "tiny-q1", "answer", answer="b")
    assert 'data-state="right"' in form
    assert EXPLAIN in form
    assert WHY in form  # the earlier miss stays
    assert "Right at try 2" in form
    assert [a.kind for a in attempts()] == ["answer", "hint", "answer"]
    assert len({a.sitting for a in attempts()}) == 1
    assert attempts()[-1].hints == 1


def test_the_hint_after_a_wrong_answer_is_about_that_answer(tiny: Path, home: Path) -> None:
    quiz = tiny / "quizzes" / "tiny.yaml"
    quiz.write_text(quiz.read_text().replace("comes after two.,", "comes after two., hint: Count the dots.,"))
    with closing(Browser(site(tiny, home))) as browser:
        assert "Hint 1 of 3</button>" in browser.get("/lesson/tiny/1").text
        form = do(browser, "/lesson/tiny/1", "tiny-q1", "answer", answer="a")
        assert "Hint 1 of 4, about your answer</button>" in form
        form = do(browser, "/lesson/tiny/1", "tiny-q1", "hint")
        assert "Count the dots." in form
        assert "Count on." not in form
        assert "Hint 2 of 4</button>" in form


def test_a_skip_shows_the_answer(browser: Browser, attempts: Attempts) -> None:
    form = do(browser, "/quiz/tiny/1", "tiny-q1", "skip")
    assert EXPLAIN in form
    assert "Two follows one" in form
    assert [a.kind for a in attempts()] == ["skip"]


def test_without_an_answer_nothing_is_recorded_and_the_page_says_so(
    browser: Browser, attempts: Attempts
) -> None:
    form = do(browser, "/lesson/tiny/1", "tiny-q1", "answer")
    assert "Choose an answer first." in form
    assert attempts() == []


def test_an_answer_sent_twice_counts_once(browser: Browser, attempts: Attempts) -> None:
    own = hidden(box(browser.get("/lesson/tiny/1").text, "tiny-q1"))
    for answer in ("a", "a", "b"):
        browser.send("/question/tiny-q1", **(own | {"do": "answer", "answer": answer}))
    assert [a.answer for a in attempts()] == ["a"]


def test_answers_sent_at_the_same_time_count_once(tiny: Path, home: Path, attempts: Attempts) -> None:
    """Two tabs, or an impatient click."""
    page = site(tiny, home)
    browsers = [Browser(page) for _ in range(8)]
    own = hidden(box(browsers[0].get("/lesson/tiny/1").text, "tiny-q1"))
    start = threading.Barrier(len(browsers))

    def send(browser: Browser) -> None:
        start.wait()
        browser.send("/question/tiny-q1", **(own | {"do": "answer", "answer": "b"}))

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for browser in browsers:
        browser.close()
    assert [a.answer for a in attempts()] == ["b"]


def test_the_questions_of_a_quiz_stay_in_one_sitting_wherever_they_are_answered(
    browser: Browser, attempts: Attempts
) -> None:
    """Two forms on one page were shown before either was answered."""
    html = browser.get("/lesson/tiny/1").text
    for question, answer in (("tiny-q1", "b"), ("tiny-q2", "c")):
        own = hidden(box(html, question))
        browser.send(f"/question/{question}", **(own | {"do": "answer", "answer": answer}))
    do(browser, "/quiz/tiny/3", "tiny-q3", "answer", answer="a")
    assert len({a.sitting for a in attempts()}) == 1
    assert "3 of 3" in browser.get("/quiz/tiny").text


def test_points_are_told_where_they_differ(tiny: Path, home: Path) -> None:
    quiz = tiny / "quizzes" / "tiny.yaml"
    quiz.write_text(quiz.read_text().replace("id: tiny-q1\n", "id: tiny-q1\n    points: 3\n"))
    with closing(Browser(site(tiny, home))) as browser:
        form = do(browser, "/quiz/tiny/1", "tiny-q1", "answer", answer="b")
        assert "Question 1 of 3 (3 points)" in form
        assert "3 of 5 points so far" in browser.get("/quiz/tiny").text


def with_figure(course: Path) -> Path:
    """Give the second question of the quiz a figure."""
    quiz = course / "quizzes/tiny.yaml"
    figure = "figure: {file: dots.svg, alt: Three dots}"
    quiz.write_text(quiz.read_text().replace("id: tiny-q2\n", f"id: tiny-q2\n    {figure}\n"))
    (course / "lessons/figures").mkdir()
    (course / "lessons/figures/dots.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1"><circle class="f-ink" r="1"/></svg>'
    )
    return course


@pytest.mark.parametrize("prepare", [with_figure, lambda course: sealed(with_figure(course))])
def test_a_figure_is_part_of_its_question(tiny: Path, home: Path, prepare: Callable[[Path], Path]) -> None:
    """In the colors of the page, in a lesson and a quiz, in a course and in a kit."""
    with closing(Browser(site(prepare(tiny), home))) as browser:
        for path in ("/lesson/tiny/1", "/quiz/tiny/2"):
            html = browser.get(path).text
            assert "Three dots</desc>" in box(html, "tiny-q2") and "/figures.css" in html
        assert "figures.css" not in browser.get("/quiz/tiny/1").text
        assert browser.get("/figure/tiny/dots.svg").headers["content-type"] == "image/svg+xml"


def test_a_quiz_that_is_taken_again_shuffles_its_options_and_keeps_their_order(browser: Browser) -> None:
    for number, (question, answer) in enumerate((("tiny-q1", "b"), ("tiny-q2", "c"), ("tiny-q3", "a")), 1):
        do(browser, f"/quiz/tiny/{number}", question, "answer", answer=answer)
    again = browser.get("/quiz/tiny/again")
    path = again.url.raw_path.decode()
    before = re.findall(r'name="answer" value="(\w)"', box(again.text, "tiny-q1"))
    form = do(browser, path, "tiny-q1", "answer", answer="a")
    assert 'data-state="wrong"' in form
    assert re.findall(r'name="answer" value="(\w)"', form) == before


def test_a_sitting_of_someones_own_invention_is_refused(browser: Browser, attempts: Attempts) -> None:
    own = hidden(box(browser.get("/lesson/tiny/1").text, "tiny-q1"))
    for sitting in ("practice/tiny-q1/7", "practice/tiny-q2/1", "x", "../x"):
        fields = own | {"do": "answer", "answer": "b", "sitting": sitting}
        assert browser.send("/question/tiny-q1", **fields).status_code == 404
    assert attempts() == []


@pytest.fixture
def every_kind(tiny: Path, home: Path) -> Iterator[Browser]:
    """A browser on a course with a practice question of each kind."""
    (tiny / "quizzes" / "practice").mkdir()
    (tiny / "quizzes" / "practice" / "tiny.yaml").write_text(practice_text())
    with closing(Browser(site(tiny, home))) as browser:
        yield browser


def practice_text() -> str:
    """Return a file of practice questions, one of each kind."""
    shared = {"concepts": ["numbers"], "section": "1"}
    questions = [{"id": kind, **shared, **yaml.safe_load(text)} for kind, text in KINDS.items()]
    return yaml.safe_dump({"id": "tiny", "lesson": "tiny", "questions": questions})


RIGHT: dict[str, dict[str, str | list[str]]] = {
    "single": {"answer": "b"},
    "multiple": {"answer": ["a", "c"]},
    "numeric": {"answer": "24"},
    "shape": {"answer": "(4, 3)"},
    "text": {"answer": " The Cafe "},
    "matching": {"place-1": "b", "place-2": "a", "place-3": "a"},
}
WRONG: dict[str, dict[str, str | list[str]]] = {
    "single": {"answer": "a"},
    "multiple": {"answer": ["a", "b"]},
    "numeric": {"answer": "10"},
    "shape": {"answer": "3, 4"},
    "text": {"answer": "<b>bar</b>"},
    "matching": {"place-1": "c", "place-2": "a", "place-3": "a"},
}
UNREADABLE: dict[str, dict[str, str | list[str]]] = {
    "single": {"answer": "z"},
    "multiple": {},
    "numeric": {"answer": "<script>"},
    "shape": {"answer": "many"},
    "text": {"answer": " "},
    "matching": {"place-1": "a", "place-2": "z", "place-3": ""},
    "ordering": {"place-a": "1", "place-b": "1", "place-c": "2", "place-d": "3"},
}


@pytest.mark.parametrize("kind", RIGHT)
def test_every_kind_is_answered_with_a_plain_form(every_kind: Browser, attempts: Attempts, kind: str) -> None:
    path = every_kind.get(f"/question/{kind}").url.path
    assert path == f"/question/{kind}/1"
    form = do(every_kind, path, kind, "answer", **WRONG[kind])
    assert 'data-state="wrong"' in form
    assert "<b>bar" not in form
    form = do(every_kind, path, kind, "answer", **RIGHT[kind])
    assert 'data-state="right"' in form
    assert [a.correct for a in attempts()] == [False, True]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_no_answer_is_shown_again_and_not_recorded(
    every_kind: Browser, attempts: Attempts, kind: str
) -> None:
    form = do(every_kind, f"/question/{kind}/1", kind, "answer", **UNREADABLE[kind])
    assert "refused" in form
    assert "<script>" not in form
    if kind == "numeric":
        assert "&lt;script&gt;" in form
    assert attempts() == []


def test_a_match_that_was_chosen_is_kept_until_all_are(every_kind: Browser, attempts: Attempts) -> None:
    form = box(every_kind.get("/question/matching/1").text, "matching")
    assert re.findall(r'<option value="(\w)">(\w: \w+)<', form)[:3] == [
        ("a", "a: four"),
        ("b", "b: eight"),
        ("c", "c: six"),
    ]
    form = do(every_kind, "/question/matching/1", "matching", "answer", **{"place-1": "a", "place-3": "c"})
    assert "Choose a match for each item first." in form and attempts() == []
    chosen = re.findall(r'place-(\d)|value="(\w)" selected', form)
    assert ["".join(each) for each in chosen] == ["1", "a", "2", "3", "c"]
    form = do(every_kind, "/question/matching/1", "matching", "answer", **WRONG["matching"])
    assert "A spider → six" in form and "2 of 3 are right." in form
    assert attempts()[0].score == 0.67


def test_an_order_is_given_by_places(every_kind: Browser, attempts: Attempts) -> None:
    form = box(every_kind.get("/question/ordering/1").text, "ordering")
    letters = re.findall(r'<select name="place-(\w)".*?<span>(\w+)</span>', form)
    places = {word: str(n) for n, word in enumerate(("Morning", "Noon", "Evening", "Night"), 1)}
    fields: dict[str, str | list[str]] = {f"place-{letter}": places[word] for letter, word in letters}
    form = do(every_kind, "/question/ordering/1", "ordering", "answer", **fields)
    assert 'data-state="right"' in form
    assert attempts()[0].correct


def test_an_essay_is_written_once_and_marked_by_nobody_here(
    tiny: Path, home: Path, attempts: Attempts
) -> None:
    quiz = tiny / "quizzes/tiny.yaml"
    shared = {"id": "why", "concepts": ["numbers"], "section": "1"}
    content = yaml.safe_load(quiz.read_text())
    content["questions"].insert(0, shared | yaml.safe_load(ESSAY))
    quiz.write_text(yaml.safe_dump(content))
    with closing(Browser(site(tiny, home))) as browser:
        form = do(browser, "/quiz/tiny/1", "why", "answer", answer=" ")
        assert "Please write a few sentences." in form and "<textarea" in form and "How sure" not in form
        assert not any(words in form for words in ("purpose", "baker"))
        form = do(browser, "/quiz/tiny/1", "why", "answer", answer="To\r\n<b>share</b>.")
        assert 'data-state="written"' in form and "Recorded. It is marked by hand." in form
        assert "To\n&lt;b&gt;share&lt;/b&gt;." in form and "data-verdict" not in form
        assert "<p>What earns points: It names a purpose; It gives an example.</p>" in form
        assert "<textarea" not in form and "Next question" in form
        assert "● recorded" in browser.get("/quiz/tiny").text
    (attempt,) = attempts()
    assert (attempt.answer, attempt.correct, attempt.score) == ("To\n<b>share</b>.", None, 0.0)


def test_practice_leads_from_question_to_question(every_kind: Browser) -> None:
    first = every_kind.get("/practice/tiny/next")
    assert first.url.path.startswith("/question/")
    question = first.url.path.split("/")[2]
    form = do(every_kind, first.url.raw_path.decode(), question, "skip")
    assert "Next question" in form
    second = every_kind.get("/practice/tiny/next")
    assert second.url.path.split("/")[2] != question
