"""Answers about own code, noted in the table beside the sheets, marked and reported."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from class_samples import exercise_result, report, test_result
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.classroom.catalogue import Catalogue
from grader.classroom.class_page.page import page
from grader.classroom.own_answers import interval, read_own_answers
from grader.classroom.own_sheets import ANSWERS, Talk, write_talks
from grader.classroom.report_rows import rows
from grader.classroom.results import Result
from grader.classroom.statistics import class_report
from grader.content.problem import ContentError
from grader.content.questions import NumericQuestion, Option, ShapeQuestion, SingleQuestion
from grader.errors import CourseError
from grader.files import csv_text
from grader.judge.own_questions import OwnQuestion

EVIL = "=cmd()"
ABOUT = {"prompt": "What is it?", "explain": "So.", "concepts": ("sums",), "section": "2"}
CHOICE = SingleQuestion(
    id="own-1", options=tuple(Option(text=text, why="", correct=text == "2") for text in "123"), **ABOUT
)
NUMBER = NumericQuestion(id="own-2", answer="5", wrong=(), otherwise="No.", **ABOUT)
SHAPE = ShapeQuestion(id="own-3", answer="(3, 1)", wrong=(), otherwise="No.", **ABOUT)
RIGHT = {"1": "b)", "2": "5", "3": "(3, 1)"}


def own(question: SingleQuestion | NumericQuestion | ShapeQuestion) -> OwnQuestion:
    return OwnQuestion(
        exercise="exercise-sum", function="add", template="result", family="behavior", level=1, guess=0.3,
        source="s", question=question,
    )  # fmt: skip


RESULTS = [exercise_result(name, [1, 1]) for name in ("ada", "Bob", "bob", EVIL)]


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    asked = (own(CHOICE), own(NUMBER), own(SHAPE))
    write_talks(tmp_path, [Talk(each.learner, each.item, each.source, asked) for each in RESULTS])
    return tmp_path


def table(talks: Path) -> list[list[str]]:
    return [*csv.reader(io.StringIO((talks / ANSWERS).read_text()))]


def note(talks: Path, answers: Mapping[str, Mapping[str, str]], **how: str) -> None:
    """Write answers, given as learner -> question -> answer, into the last column."""
    header, *lines = table(talks)
    filled = [[*line[:-1], answers.get(line[1], {}).get(line[4], "")] for line in lines]
    text = csv_text([header, *filled]).replace(",", ";" if how.get("encoding") else ",")
    (talks / ANSWERS).write_text(text, **how)


def counts(talks: Path, results: list[Result] = RESULTS) -> dict[str, tuple[int, int]]:
    return {each.learner: (each.right, each.asked) for each in read_own_answers(talks, results).answers}


def test_the_table_has_a_line_per_question_and_no_key(talks: Path) -> None:
    header, *lines = table(talks)
    assert header == ["sheet", "learner", "exercise", "function", "question", "answer"]
    assert len(lines) == 3 * len(RESULTS)
    assert lines[0] == ["ada-exercise-sum", "ada", "exercise-sum", "add", "1", ""]
    assert {line[-1] for line in lines} == {""}
    assert {path.stem for path in (talks / "sheets").iterdir()} == {line[0].lstrip("'") for line in lines}


def test_answers_are_marked_and_who_answered_least_comes_first(talks: Path) -> None:
    note(
        talks, {"ada": RIGHT, "bob": RIGHT | {"1": "c", "3": "-"}, "Bob": {"2": "5"}, f"'{EVIL}": {"2": "6"}}
    )
    assert counts(talks) == {EVIL: (0, 1), "bob": (1, 3), "Bob": (1, 1), "ada": (3, 3)}
    first = read_own_answers(talks, RESULTS).answers[0]
    assert (first.passed, first.functions, first.work) == (1, 1, "exercise-sum")
    assert [*counts(talks)] == [EVIL, "bob", "Bob", "ada"]


def test_a_table_that_a_spreadsheet_saved_is_read(talks: Path) -> None:
    note(talks, {"ada": {"1": "b", "2": "4"}}, encoding="utf-16")
    assert counts(talks) == {"ada": (1, 2)}


def test_before_any_answer_is_noted_the_report_says_where(talks: Path) -> None:
    marked = read_own_answers(talks, RESULTS)
    assert marked.answers == ()
    assert "answers.csv has no answers yet" in marked.notes[0]


def test_answers_about_code_that_has_changed_are_left_out(talks: Path) -> None:
    note(talks, {"ada": RIGHT, "bob": RIGHT})
    newer = [replace(each, source="other") if each.learner == "ada" else each for each in RESULTS]
    marked = read_own_answers(talks, newer)
    assert [each.learner for each in marked.answers] == ["bob"]
    assert marked.notes == (
        "ada-exercise-sum: these answers are about code that is not in the results; left out.",
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ("add,1,b", "add,1,z"),
            "answers.csv:2 is left out: z is not an answer. Please type one of the letters a-c, or the text "
            "of an option. Write - if there was no answer.",
        ),
        (
            ("add,2,5", "add,2,five"),
            "answers.csv:3 is left out: five is not an answer. Please type a number,",
        ),
        (
            ("ada-exercise-sum,", "other,"),
            ":2 is left out: there is no sheet other with a question 1. Change only the last column.",
        ),
        (
            ("add,2,5", "add,3,5"),
            ":3 is left out: ada-exercise-sum has several answers to question 3. Keep one of them.",
        ),
    ],
)
def test_an_answer_that_cannot_be_marked_is_named_and_the_others_count(
    talks: Path, change: tuple[str, str], says: str
) -> None:
    note(talks, {"ada": {"1": "b", "2": "5", "3": "(3, 1)"}, "bob": RIGHT})
    text = (talks / ANSWERS).read_text()
    assert change[0] in text
    (talks / ANSWERS).write_text(text.replace(*change, 1))
    marked = read_own_answers(talks, RESULTS)
    assert says in marked.notes[0]
    left = 1 if "several" in says else 2
    assert {each.learner: (each.right, each.asked) for each in marked.answers} == {
        "ada": (left, left),
        "bob": (3, 3),
    }


def test_a_table_without_an_answer_that_can_be_marked_is_not_called_empty(talks: Path) -> None:
    note(talks, {"ada": {"1": "z"}})
    (only,) = read_own_answers(talks, RESULTS).notes
    assert "z is not an answer" in only


def test_without_a_needed_column_nothing_is_read(talks: Path) -> None:
    (talks / ANSWERS).write_text((talks / ANSWERS).read_text().replace("question,", "number,", 1))
    with pytest.raises(ContentError, match=r":1: there is no column question — the header must be"):
        read_own_answers(talks, RESULTS)


TEXTS = ("`True`", "`true`", "[1,  2]", "2", "b")
BY_TEXT = SingleQuestion(
    id="own-4", options=tuple(Option(text=text, why="", correct=text == "[1,  2]") for text in TEXTS), **ABOUT
)


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        ("[1, 2]", (1, 1)),  # the text of the right option
        ("`[1, 2]`", (1, 1)),
        ("c) [1, 2]", (1, 1)),  # as the sheet writes it
        ("2", (0, 1)),
        ("b", (0, 1)),  # a letter goes before a text
        ("B)", (0, 1)),
        ("True", (0, 1)),
        ("TRUE", None),  # may be two options, since a spreadsheet writes both in capitals
        ("[2, 1]", None),
    ],
)
def test_the_text_of_an_option_counts_as_its_letter(
    tmp_path: Path, typed: str, counted: tuple[int, int] | None
) -> None:
    write_talks(tmp_path, [Talk("ada", "exercise-sum", RESULTS[0].source, (own(BY_TEXT),))])
    note(tmp_path, {"ada": {"1": typed}})
    assert counts(tmp_path) == ({} if counted is None else {"ada": counted})


def test_another_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="name the directory that `course grade --own-code` wrote"):
        read_own_answers(tmp_path, RESULTS)


@given(st.integers(1, 200).flatmap(lambda asked: st.tuples(st.integers(0, asked), st.just(asked))))
def test_the_interval_is_around_the_share_and_narrower_the_more_is_asked(counted: tuple[int, int]) -> None:
    right, asked = counted
    low, high = interval(right, asked)
    assert 0 <= low <= right / asked <= high <= 1
    assert low < high
    narrower = interval(4 * right, 4 * asked)
    assert narrower[1] - narrower[0] < high - low
    assert interval(asked - right, asked) == pytest.approx((1 - high, 1 - low))


def test_three_right_answers_of_three_still_leave_much_open() -> None:
    assert interval(3, 3) == pytest.approx((0.438, 1.0), abs=0.001)


def test_the_report_tells_who_passes_and_answered_how_many(talks: Path) -> None:
    note(talks, {"ada": RIGHT | {"1": "c"}})
    answers = read_own_answers(talks, RESULTS).answers
    found = class_report(RESULTS, Catalogue(None), own_code=answers)
    shown = page(found)
    assert "<td>1 of 1 functions</td><td>2 of 3</td><td>21% to 94%</td>" in shown
    assert "cheat" not in shown
    assert ("exercise-sum", "learner", "ada", "right answers about own code", 2) in rows(found)
    assert "own-code" not in page(class_report(RESULTS, Catalogue(None)))


def test_a_function_with_a_failed_test_does_not_count_as_passed(talks: Path) -> None:
    note(talks, {"ada": RIGHT})
    graded = report([test_result("a", 1), test_result("b", 0, function="half")])
    partly = [replace(each, report=graded) for each in RESULTS]
    (answers,) = read_own_answers(talks, partly).answers
    assert (answers.passed, answers.functions) == (1, 2)
