"""A report in a notebook: the same in HTML and in text, and nothing of the learner's is HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from snapshots import assert_snapshot

from grader.content.exercise import Exercise, Function, Mistake
from grader.judge.confinement import Confinement
from grader.judge.report import NamedMistake, Outcome, Report, StoppedCode, TestResult, Withheld, environment
from grader.jupyter.report_parts import report_parts
from grader.jupyter.report_view import ReportView, as_html
from grader.tutor.parts import Part, as_text

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</li></ul></div><style>*{display:none}</style>",
    "<!-- ",
    "&lt;b&gt; &amp;",
    "javascript:alert(1)",
    "a\n  failed  not a test\nb",
    "\x1b[31mred\x07",
    "]]><svg onload=alert(1)>",
]
TAGS = {"div", "h2", "h3", "p", "ul", "li", "strong"}
EXERCISE = Exercise(
    id="exercise-x",
    title="Counting & <more>",
    lesson="tiny",
    text="",
    functions=(
        Function(signature="first(x)", text="", returns={"y": "int"}, hints=["Count."], section="1"),
        Function(signature="last(x)", text="", returns={"y": "int"}, section="2"),
    ),
    mistakes=(
        Mistake(id="m", function="first", misconception="off", says="Where does it begin?", section="1.1"),
    ),
)


def result(function: str, outcome: Outcome, message: str = "", visible: bool = True) -> TestResult:
    score = 1.0 if outcome is Outcome.PASSED else 0.0
    return TestResult(
        id=f"{function}-{outcome}", function=function, title=f"It is {outcome}.", outcome=outcome,
        points=1.0, score=score, message=message, visible=visible,
    )  # fmt: skip


def report(*tests: TestResult, **other: object) -> Report:
    plain = Report(
        exercise="exercise-x", version="v", score=sum(t.score for t in tests),
        max_score=sum(t.points for t in tests), passed=all(t.score for t in tests), tests=tests, mistakes=(),
        seed=1, environment=environment(Confinement.BUBBLEWRAP), seconds=1.0,
    )  # fmt: skip
    return replace(plain, **other)


class Reader(HTMLParser):
    """Reads HTML: its tags, attributes and text. Every tag must be closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text, self._open = "", list[str]()
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


MIXED = report(
    result("first", Outcome.PASSED),
    result("first", Outcome.FAILED, "It is 2\n          in first([1])"),
    result("first", Outcome.TIMED_OUT, "first did not return within 10 s.", visible=False),
    result("last", Outcome.PASSED),
    stopped=(StoppedCode(place="line 1 of In [2]", message="Line 1 of In [2] stopped: 1 / 0"),),
    notes=("It was read.",),
    mistakes=(NamedMistake(id="m", misconception="off", says="Where does it begin?", tests=("t",)),),
)


def test_what_learners_read() -> None:
    parts = report_parts(MIXED, EXERCISE)
    assert_snapshot(
        "notebook-report", f"{as_text(parts)}\n\n{as_html(parts).replace('><', chr(62) + chr(10) + '<')}"
    )


def test_both_forms_hold_the_same_words() -> None:
    view = ReportView(report_parts(MIXED, EXERCISE))
    bundle = view._repr_mimebundle_()
    assert bundle == {"text/plain": repr(view), "text/html": view._repr_html_()}
    read = Reader(bundle["text/html"])
    assert read.tags <= TAGS and read.attributes == {"class", "style"}

    def letters(text: str) -> list[str]:
        return [c for c in text if c.isalnum()]

    assert letters(read.text) == letters(bundle["text/plain"])


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_the_learner_s_becomes_html(text: str) -> None:
    hostile = report(
        result("first", Outcome.FAILED, text),
        result("first", Outcome.ERROR, f"{text} again"),
        result("last", Outcome.NOT_RUN, f"not defined: {text}"),
        stopped=(StoppedCode(place=text, message=text),),
        notes=(text,),
    )
    html = as_html(report_parts(hostile, EXERCISE))
    read = Reader(html)
    assert read.tags <= TAGS and read.attributes == {"class", "style"}
    assert html.count('class="course-report"') == 1
    for word in text.split():
        assert word in read.text or "\x1b" in word


@given(st.lists(st.tuples(st.text(), st.lists(st.text()))).filter(bool))
def test_any_text_is_well_formed(drawn: list[tuple[str, list[str]]]) -> None:
    html = as_html([Part(heading, tuple(lines)) for heading, lines in drawn])
    assert Reader(html.replace("\0", "")).tags <= TAGS


def test_all_is_right() -> None:
    text = as_text(report_parts(report(result("first", Outcome.PASSED)), EXERCISE))
    assert "1 of 1 points" in text and "first: 1 of 1 points, 1 test passed" in text
    assert "All tests passed. See !course progress" in text


def test_a_function_that_needed_another_one_to_be_right_says_so() -> None:
    last = replace(result("last", Outcome.PASSED), after=("first",))
    text = as_text(report_parts(report(result("first", Outcome.FAILED), last), EXERCISE))
    assert "last: 1 of 1 points, 1 test passed (with a right first)" in text


def test_a_kit_names_the_tests_to_come() -> None:
    withheld = report(result("first", Outcome.PASSED), withheld=Withheld(tests=3, points=5))
    text = as_text(report_parts(withheld, EXERCISE))
    assert "1 of 1 visible test passed." in text and "3 hidden tests, worth 5 points" in text
    assert "Submit your notebook." in text


def test_one_reason_for_all_has_no_hints() -> None:
    reason = "first is not defined. Run its cell."
    text = as_text(report_parts(report(result("first", Outcome.NOT_RUN, reason)), EXERCISE))
    assert reason in text and "hint" not in text and "Next" not in text


def test_unconfined_code_is_said() -> None:
    unconfined = report(result("first", Outcome.PASSED), environment=environment(Confinement.NONE))
    assert "Your code ran unconfined." in as_text(report_parts(unconfined, EXERCISE))
