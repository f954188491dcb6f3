"""Marks for essays in a table: written for a spreadsheet, filled in, and read again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from class_samples import ENVIRONMENT
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from sample_questions import ESSAY, SINGLE, question

from grader.classroom.anonymity import anonymous, pseudonyms
from grader.classroom.changes import Run, changes
from grader.classroom.class_file import ClassFile, Comment, EssayMark, Excused, Group, Override, Work
from grader.classroom.derivation import derive, raw_results
from grader.classroom.essay_marks import HEADER, Marks, missing_marks, read_marks, rows, unmarked_note
from grader.classroom.feedback_page import page, text
from grader.classroom.late_rules import PerDay
from grader.classroom.names import shown
from grader.classroom.quiz_feedback import feedback_on_quiz
from grader.classroom.results import AdjustmentKind, Mark, Result, RunRecord, Status
from grader.classroom.submission_time import SubmissionTime, TimeSource
from grader.content.problem import ContentError
from grader.content.quiz import Quiz
from grader.files import as_typed, csv_text, harmless
from grader.quiz.answers_file import marked

WHY = replace(question(ESSAY), id="why", points=3)
WHEN = replace(WHY, id="when", points=100)
QUIZ = Quiz(id="tiny", lesson="tiny", title="Tiny", questions=(question(SINGLE), WHY, WHEN))
TABLE = Path("essays.csv")


def result(learner: str, **answers: str) -> Result:
    found = marked(QUIZ, answers, {})
    return Result(
        learner=learner,
        item="tiny",
        file=f"{learner}/tiny.yaml",
        source="x",
        status=Status.GRADED,
        score=found.score,
        raw_score=found.score,
        max_score=found.max_score,
        answers=found,
        submitted=SubmissionTime("2026-11-27T12:00", TimeSource.STAMP),
    )


RESULTS = [
    result("bob", why="To share."),
    result("ann", q1="b", why="To\neat; =1+1", when="Now"),
    result("cid"),
]


def written(results: list[Result], given: Mapping[tuple[str, str], tuple[str, str]] | None = None) -> str:
    """Return the table, with points and comments that were typed for (learner, question)."""
    table = [*csv.reader(io.StringIO(csv_text([HEADER, *rows(results)]), newline=""))]
    for row in table[1:]:
        row[5:] = (given or {}).get((row[0], row[2]), row[5:])
    return csv_text(table)


def typed(*lines: str) -> str:
    """Return a table with rows of learner, question, points and comment."""
    return "\n".join(
        ["learner;work;question;points;comment", *(each.replace(";", ";tiny;", 1) for each in lines)]
    )


def read(table: str, results: list[Result] = RESULTS, file: ClassFile | None = None) -> Marks:
    return read_marks(table, TABLE, results, file, [each.learner for each in results])


def final(table: str, file: ClassFile | None = None, results: list[Result] = RESULTS) -> dict[str, Result]:
    shared = [*derive(results, [], file).results]
    marks = read(table, shared, file)
    return {each.learner: each for each in derive(results, [], file, marks).results}


def test_the_table_has_a_row_for_each_essay_that_was_handed_in() -> None:
    assert rows(RESULTS) == [
        ("ann", "tiny", "when", "Now", 100, None, None),
        ("ann", "tiny", "why", "To\neat; =1+1", 3, None, None),
        ("bob", "tiny", "why", "To share.", 3, None, None),
    ]
    assert '"To\neat; \'=1+1"' in written(RESULTS)
    assert unmarked_note(RESULTS) == ("3 of 3 essays have no points yet",)


def test_marks_count_and_the_learner_reads_the_comment() -> None:
    table = written(RESULTS, {("ann", "why"): ("2.5", "Good,\n=nearly."), ("bob", "why"): ("0", "")})
    done = final(table)
    assert {name: each.score for name, each in done.items()} == {"ann": 3.5, "bob": 0.0, "cid": 0.0}
    (told,) = done["ann"].adjustments
    assert told.kind is AdjustmentKind.MARK and told.points == 2.5
    assert told.says == "why: 2.5 of 3 points. Good, =nearly."
    assert "Comment: Good, =nearly." in text(feedback_on_quiz(done["ann"], QUIZ))
    assert "Question 2: 0 of 3 points" in page(feedback_on_quiz(done["bob"], QUIZ))
    assert unmarked_note(done.values()) == ("1 of 3 essays has no points yet",)
    assert {*raw_results(done.values())} == {*RESULTS}


def test_the_next_table_has_the_marks() -> None:
    first = written(RESULTS, {("ann", "why"): ("2.5", "- Good;=so"), ("bob", "why"): ("1", "'")})
    done = [*final(first).values()]
    again = written(done)
    assert as_rows(again)[2][5:] == ["2.5", "'- Good;'=so"]
    assert read(again, done) == read(first)
    assert missing_marks(first, TABLE, done, None) == missing_marks(again, TABLE, done, None) == ()


def as_rows(table: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(table, newline=""))]


def test_a_table_whose_marks_do_not_count_yet_is_noticed() -> None:
    done = [*final(typed("ann;why;2;Good.", "bob;why;1;")).values()]
    table = typed("ann;why;2,0;", "ann;when;;Late?", "bob;why;3;", "eve;why;1;", "bob;when;;", "cid;why;x;")
    missing = missing_marks(table, TABLE, done, None)
    assert missing == ("ann, tiny, when", "bob, tiny, why", "eve, tiny, why", "cid, tiny, why")
    assert missing_marks(typed("ann;why;;Good."), TABLE, done, None) == ()
    with pytest.raises(ContentError):
        missing_marks("learner,work\nann,tiny\n", TABLE, done, None)


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        ("2", 2),
        ("2,5", 2.5),
        (" 2.50 ", 2.5),
        ("25E-01", 2.5),
        ("0", 0),
        ("-0", 0),
        (",5", 0.5),
        ("+1", 1),
        ("1,000", 1),
    ],
)
def test_points_may_have_a_decimal_comma(cell: str, points: float) -> None:
    assert read(typed(f"bob;why;{cell};")).by_place == {("bob", "tiny"): (Mark("why", points),)}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("an;why;1;", "there is no learner 'an' — did you mean ann?"),
        (";why;1;", "there is no learner '' — use one of ann, bob, cid"),
        ("bob;hwy;1;", "tiny has no essay 'hwy' — did you mean why?"),
        ("ann;q1;1;", "tiny has no essay 'q1' — use one of when, why"),
        ("bob;why;two;", "'two' is not a number of points — write a number from 0 to 3, or nothing"),
        ("bob;why;nan;", "'nan' is not a number of points"),
        ("bob;why;1/2;", "'1/2' is not a number of points"),
        ("bob;why;1,2,3;", "'1,2,3' is not a number of points"),
        ("bob;why;٣;", "'٣' is not a number of points"),
        ("bob;why;-1;", "-1 points are less than 0 — write a number from 0 to 3"),
        ("bob;why;−0,5;", "−0,5 points are less than 0"),
        ("bob;why;3,5;", "3,5 points are more than the essay is worth — write at most 3"),
        ("ann;why;1;\nann;tiny;why;1;", "essays.csv:3: ann, tiny, why: line 2 marks the same essay — delete"),
    ],
)
def test_a_wrong_row_is_named(row: str, says: str) -> None:
    with pytest.raises(ContentError, match=re.escape(says)):
        read(typed(row))


def test_all_wrong_rows_are_named_with_the_line_in_which_they_begin() -> None:
    rows = ['ann,tiny,why,4,"a\nb"', "", "bob,tinny,why,1,", "cid,exercise-x,why,1,"]
    table = "\n".join(["learner,work,question,points,comment", *rows])
    with pytest.raises(ContentError) as error:
        read(table)
    lines = str(error.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["essays.csv:2", "essays.csv:5", "essays.csv:6"]
    assert "there are no answers to a quiz 'tinny' — did you mean tiny?" in lines[1]


def test_three_digits_after_a_comma_are_refused_if_they_may_be_thousands() -> None:
    many = [
        replace(RESULTS[0], answers=marked(replace(QUIZ, questions=(replace(WHY, points=5000),)), {}, {}))
    ]
    with pytest.raises(ContentError, match=r"1,500 may mean 1\.5 or 1500 — write it in another way"):
        read(typed("bob;why;1,500;"), many)
    assert read(typed("bob;why;1500;"), many).of(many[0]) == (Mark("why", 1500),)


def test_without_a_needed_column_the_header_is_named() -> None:
    with pytest.raises(
        ContentError, match="there is no column question, points — the header must be learner,"
    ):
        read("learner,work\nann,tiny\n")


def test_a_learner_without_answers_is_told_from_an_unknown_one() -> None:
    table = typed("eve;why;1;")
    with pytest.raises(
        ContentError, match="this learner has handed in no answers to tiny — delete the points"
    ):
        read_marks(table, TABLE, RESULTS, None, ["eve"])


def test_names_that_a_spreadsheet_changed_are_found() -> None:
    """A number loses its zeros, and a word may become a truth value. Where two fit, nobody is guessed."""
    some = [result(name, why="x") for name in ("007", "true", "Bo", "bo", "00")]
    marks = read(typed("7;why;1;", "TRUE;why;2;", "Bo;why;3;", "bo;why;0;", "0;why;1.5;"), some)
    assert [marks.of(each)[0].points for each in some] == [1, 2, 3, 0, 1.5]
    with pytest.raises(ContentError, match="there is no learner ''"):
        read(typed(";why;1;"), some)
    with pytest.raises(ContentError, match=r"this may be Bo and bo — mark it in class\.yaml"):
        read(typed("BO;why;1;"), some)


def test_an_answer_that_has_changed_since_is_noted() -> None:
    """What spreadsheets and encodings do to a text is no change."""
    table = written(RESULTS, {("ann", "why"): ("1", ""), ("bob", "why"): ("1", "")})
    assert read(table).notes == ()
    assert read(table.replace("To share", "to?share “")).notes == ()
    (note,) = read(table.replace("To share", "To eat")).notes
    assert note.endswith("that were handed in, so read them again: bob, tiny, why")
    (note,) = read(typed("ann;why;;Nice.", "bob;why;1;")).notes
    assert note == "comments are not shown before the essays have points: ann, tiny, why"


# --- with class.yaml ---

SIGNED: dict[str, Any] = {"work": "tiny", "who": "Kim", "when": "2026-11-27"}


def class_file(**more: Any) -> ClassFile:
    return ClassFile(timezone="Europe/Berlin", **more)


def test_a_mark_of_the_table_counts_before_one_of_the_class_file() -> None:
    marks = (EssayMark(learner="ann", question="why", points=1, **SIGNED),)
    marks += (EssayMark(learner="ann", question="when", points=7, **SIGNED),)
    marks += (EssayMark(learner="bob", question="why", points=3, **SIGNED),)
    done = final(typed("ann;why;2;", "bob;why;;"), class_file(marks=marks))
    assert {name: each.score for name, each in done.items()} == {"ann": 10.0, "bob": 3.0, "cid": 0.0}
    assert [each.says for each in done["ann"].adjustments] == [
        "why: 2 of 3 points.",
        "when: 7 of 100 points (Kim, 2026-11-27).",
    ]


def test_late_work_overrides_and_excuses_come_after_the_marks_of_a_table() -> None:
    file = class_file(
        work={"tiny": Work(due="2026-11-26", late=PerDay(percent=1))},
        overrides=(Override(learner="bob", score=4, why="oral exam", **SIGNED),),
        excused=(Excused(learner="cid", why="ill", **SIGNED),),
        comments=(Comment(learner="ann", text="See\nme.", **SIGNED),),
    )
    done = final(typed("ann;why;3;", "bob;why;1;", "cid;why;1;Said in a talk."), file)
    assert (done["ann"].score, done["bob"].score, done["cid"].counts) == (4 - 1.04, 4.0, False)
    said = text(feedback_on_quiz(done["ann"], QUIZ))
    assert "From your instructor\n12 h late (due 2026-11-26 23:59 CET, time of" in said
    assert said.endswith("See me. (Kim, 2026-11-27)\n")
    assert "Question 2: 1 of 3 points" in text(feedback_on_quiz(done["cid"], QUIZ))


@pytest.mark.parametrize("owner", ["bob", "team"])
@pytest.mark.parametrize("named", ["ann", "bob", "team"])
def test_a_mark_for_the_work_of_a_group_is_for_all_members(owner: str, named: str) -> None:
    """Whoever handed in, and whoever of the group the row names."""
    file = class_file(groups=(Group(name="team", learners=("ann", "bob")),))
    own = [result(owner, why="To share."), RESULTS[2]]
    shared = [*derive(own, [], file).results]
    assert [row[0] for row in rows(shared)] == [{"bob": "bob", "team": "ann"}[owner]]
    done = final(typed(f"{named};why;2;Good."), file, own)
    assert {name: each.score for name, each in done.items()} == {"ann": 2.0, "bob": 2.0, "cid": 0.0}
    with pytest.raises(ContentError, match="line 2 marks the same essay"):
        final(typed("ann;why;2;", f"{'bob' if named == 'ann' else named};why;2;"), file, own)
    assert missing_marks(typed(f"{named};why;2;Good."), TABLE, [*done.values()], file) == ()
    names = pseudonyms(done)
    hidden = [anonymous(each, names) for each in done.values()]
    assert len(rows(hidden)) == 1 and owner not in str(rows(hidden))


# --- why a score changed ---


def run(results: Mapping[str, Result], record: RunRecord, **more: str) -> Run:
    return Run(replace(record, **more), tuple(results.values()))


def test_changes_say_whether_marks_or_the_class_file_changed(record: RunRecord) -> None:
    before = run(final(typed("ann;why;1;", "bob;why;1;")), record, marks_text="1")
    after = final(typed("ann;why;2;", "bob;why;1;Better."))
    (change,) = changes(before, run(after, record, marks_text="2"))
    assert (change.learner, change.before, change.after, change.why) == ("ann", 2.0, 3.0, "marks changed")
    (change,) = changes(before, run(after, record, marks_text="2", class_text="x"))
    assert change.why == "class file and marks changed"
    override = class_file(overrides=(Override(learner="cid", score=4, why="oral exam", **SIGNED),))
    after = final(typed("ann;why;2;", "bob;why;1;"), override)
    both = changes(before, run(after, record, marks_text="2", class_text="x"))
    assert [each.why for each in both] == ["class file and marks changed", "class file changed"]


@pytest.fixture
def record() -> RunRecord:
    about: dict[str, Any] = {"started": "", "directory": "", "course": "", "exercises": {}, "quizzes": {}}
    return RunRecord(package="1", seed=1, environment=ENVIRONMENT, **about)


# --- any names and texts ---

FORMULAS = st.lists(st.sampled_from([*"=+-@'; \t\n,\"a1", "\r\n", "é", "＝"])).map("".join)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30) | FORMULAS
NAMES = TEXTS.map(lambda name: shown(name).strip()).filter(bool)


@given(FORMULAS | TEXTS)
def test_what_makes_a_text_harmless_is_taken_away_again(typed_text: str) -> None:
    assert as_typed(harmless(typed_text)) == as_typed(typed_text)


@given(
    given=st.dictionaries(
        NAMES, st.tuples(TEXTS.filter(str.strip), st.floats(0, 3), TEXTS), min_size=1, max_size=5
    ),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_gives_back_the_marks_that_were_written(
    given: dict[str, tuple[str, float, str]], delimiter: str, encoding: str, end: str
) -> None:
    """Whatever learners are called and write, and however the spreadsheet saves it."""
    assume(len({as_typed(name) for name in given}) == len(given))
    comments = {name: as_typed("\n".join(comment.splitlines())) for name, (_, _, comment) in given.items()}
    done = []
    for name, (answer, points, _) in given.items():
        one = result(name, why="x")
        questions = tuple(replace(q, answer=q.answer and answer) for q in one.answers.questions)
        answers = replace(one.answers, questions=questions)
        done.append(replace(one, answers=answers, marks=(Mark("why", points, comments[name]),)))
    saved = io.StringIO(newline="")
    csv.writer(saved, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        as_rows(csv_text([HEADER, *rows(done)]))
    )
    table = saved.getvalue().encode(encoding).decode(encoding)
    marks = read(table, done)
    assert [marks.of(each) for each in done] == [each.marks for each in done]
    assert marks.notes == () == missing_marks(table, TABLE, done, None)
