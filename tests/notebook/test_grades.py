"""Scores and tables computed from the records of a gradebook, without nbgrader."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cli.grades_tables import by_item, by_learner, plain
from grader.cli.text import Screen
from grader.files import csv_text, harmless
from grader.notebook.grades import (
    COLUMNS,
    Assignment,
    CellGrade,
    ClassMember,
    GradedCell,
    GradedSubmission,
    GradeState,
    Kind,
    Record,
    assignments,
    csv_rows,
    summaries,
)

CELLS = (
    GradedCell("quiz", "quiz-q10--test", 1.0),
    GradedCell("quiz", "quiz-q2--test", 1.0),
    GradedCell("ex", "ex--g--test", 2.0),
    GradedCell("ex", "ex--f--test", 2.0),
    GradedCell("ex", "essay", 4.0, automatic=False),
)
TESTS = [(cell.notebook, cell.name) for cell in CELLS if cell.automatic]
ESSAY = ("ex", "essay")
WIDE = Screen(200)


def auto(score: float) -> CellGrade:
    return CellGrade(score, auto_score=score)


def waiting() -> CellGrade:
    return CellGrade(0.0, needs_manual_grade=True)


def submission(grades: dict[tuple[str, str], CellGrade], penalty: float = 0.0) -> GradedSubmission:
    return GradedSubmission(
        sum(grade.score for grade in grades.values()), penalty, "2030-01-02 03:04:05", grades
    )


def one(
    found: GradedSubmission | None, files: dict[str, str] | None = None, learner: str = "ada"
) -> Assignment:
    submissions = {} if found is None else {learner: found}
    notebooks = {name: frozenset[str]() for name in ("quiz", "ex")}
    record = Record("week", "", 10.0, CELLS, submissions, notebooks)
    handed = {} if files is None else {"week": {learner: files}}
    [made] = assignments([record], [ClassMember(learner)], handed)
    return made


def scores(made: Assignment) -> dict[str, tuple[GradeState, float | None]]:
    return {score.item: (score.status, score.score) for score in made.results[0].scores}


def test_items_are_summed_and_sorted_in_natural_order() -> None:
    made = one(submission({key: auto(1.0) for key in TESTS} | {ESSAY: CellGrade(3.0, manual_score=3.0)}))
    shown = [(score.kind, score.exercise, score.item) for score in made.results[0].scores]
    assert shown == [
        (Kind.CELL, None, "essay"),
        (Kind.EXERCISE, "ex", "ex"),
        (Kind.FUNCTION, "ex", "f"),
        (Kind.FUNCTION, "ex", "g"),
        (Kind.QUESTION, None, "quiz-q2"),
        (Kind.QUESTION, None, "quiz-q10"),
    ]
    assert scores(made)["ex"] == (GradeState.GRADED, 2.0)
    [result] = made.results
    assert (result.status, result.score, result.max_score) == (GradeState.GRADED, 7.0, 10.0)


def test_a_zero_differs_from_not_graded_and_not_submitted() -> None:
    zero = one(submission({key: auto(0.0) for key in TESTS} | {ESSAY: CellGrade(0.0, manual_score=0.0)}))
    failed = one(submission({key: waiting() for key in [*TESTS, ESSAY]}))
    nothing = one(None)
    found = [(each.results[0].status, each.results[0].score) for each in (zero, failed, nothing)]
    assert found == [
        (GradeState.GRADED, 0.0),
        (GradeState.NOT_GRADED, None),
        (GradeState.NOT_SUBMITTED, None),
    ]
    assert {*scores(failed).values()} == {
        (GradeState.NOT_GRADED, None)
    }  # the essay as well: nobody can open it
    assert {*scores(nothing).values()} == {(GradeState.NOT_SUBMITTED, None)}


def test_work_to_grade_by_hand_is_reported_and_the_rest_counts() -> None:
    made = one(submission({key: auto(1.0) for key in TESTS} | {ESSAY: waiting()}))
    assert (made.results[0].status, made.results[0].score) == (GradeState.BY_HAND, 4.0)
    assert scores(made)["essay"] == (GradeState.BY_HAND, None)
    again = CellGrade(2.0, auto_score=0.0, manual_score=2.0, needs_manual_grade=True)  # graded anew since
    assert scores(one(submission({TESTS[0]: again})))["quiz-q10"] == (GradeState.BY_HAND, 2.0)


def test_a_cell_added_after_the_submission_is_not_graded() -> None:
    made = one(submission({key: auto(1.0) for key in TESTS[:3]}))
    assert scores(made)["f"] == (GradeState.NOT_GRADED, None)
    assert scores(made)["ex"] == (GradeState.NOT_GRADED, 1.0)
    assert made.results[0].score == 3.0


def test_the_late_penalty_never_exceeds_the_score() -> None:
    for penalty, left in ((0.5, 3.5), (9.0, 0.0)):
        [result] = one(submission({key: auto(1.0) for key in TESTS}, penalty)).results
        assert (result.raw_score, result.late_penalty, result.score) == (4.0, penalty, left)


def test_submitted_files_complete_the_gradebook() -> None:
    never_graded = one(None, {"ex": "ex.ipynb"})
    assert scores(never_graded)["f"] == (GradeState.NOT_GRADED, None)
    assert scores(never_graded)["quiz-q2"] == (GradeState.NOT_SUBMITTED, None)
    # nbgrader writes zeros for a notebook that is not there
    missing = one(submission({key: auto(0.0) for key in TESTS}), {"quiz": "quiz.ipynb"})
    assert scores(missing)["f"] == (GradeState.NOT_SUBMITTED, None)
    assert scores(missing)["quiz-q2"] == (GradeState.GRADED, 0.0)
    kept = one(submission({key: auto(1.0) for key in TESTS}), {"quiz": "quiz.ipynb"})
    assert scores(kept)["f"] == (GradeState.GRADED, 1.0)  # a score is never hidden


def test_a_notebook_under_another_name_is_submitted_and_told() -> None:
    files = {"ex": "my *best* work (2).ipynb", "notes": "notes.ipynb"}
    zeros = {key: auto(0.0) for key in TESTS}
    made = one(submission(zeros), files)
    assert scores(made)["f"] == (GradeState.GRADED, 0.0)
    assert scores(made)["quiz-q2"] == (GradeState.NOT_SUBMITTED, None)
    assert made.results[0].other_names == {"ex": "my *best* work (2).ipynb"}
    page = "\n".join(by_learner(made, WIDE))
    assert "Submitted under another name" in page
    assert "- ex: ada (my *best* work (2).ipynb)" in page
    rows = csv.DictReader(io.StringIO(csv_text(csv_rows([made])), newline=""))
    assert {row["item"]: row["file"] for row in rows if row["file"]} == dict.fromkeys(
        ("essay", "ex", "f", "g"), files["ex"]
    )
    right = one(submission(zeros), {"ex": "ex.ipynb"})
    assert "another name" not in "\n".join(by_learner(right, WIDE))


def test_learners_with_files_join_the_class_which_is_sorted_by_name() -> None:
    record = Record("week", "", 10.0, CELLS, {})
    learners = [
        ClassMember("x", "Zed"),
        ClassMember("y", "Ames", "Bo"),
        ClassMember("z", "Ames", "Al"),
    ]
    [made] = assignments([record], learners, {"week": {"new": {"ex": "ex.ipynb"}}})
    assert [result.learner.id for result in made.results] == ["new", "z", "y", "x"]


def test_assignments_without_learners_or_cells_are_shown() -> None:
    assert assignments([], []) == ()
    [nobody] = assignments([Record("week", "", 10.0, CELLS, {})], [])
    assert "There are no learners yet." in "\n".join(by_learner(nobody, WIDE))
    [empty] = assignments(
        [Record("week", "", 0.0, (), {"ada": submission({})})],
        [ClassMember("ada"), ClassMember("bob")],
    )
    assert [result.status for result in empty.results] == [GradeState.GRADED, GradeState.NOT_SUBMITTED]
    assert csv_text(csv_rows([])).split() == [",".join(COLUMNS)]
    assert len(list(csv.reader(io.StringIO(csv_text(csv_rows([empty])))))) == 3


def test_the_class_is_summarized_per_item() -> None:
    full = submission({key: auto(2.0) for key in TESTS})
    half = submission({key: auto(1.0) for key in TESTS})
    failed = submission({key: waiting() for key in TESTS})
    learners = [ClassMember(name) for name in "abcd"]
    record = Record("week", "", 10.0, CELLS, {"a": full, "b": half, "c": failed})
    [made] = assignments([record], learners)
    summary = next(each for each in summaries(made, Kind.FUNCTION) if each.item == "ex: f")
    assert (summary.mean, summary.graded, summary.full, summary.open, summary.not_submitted) == (
        1.5,
        2,
        1,
        1,
        1,
    )
    assert [each.item for each in summaries(made, Kind.EXERCISE)] == ["ex"]
    assert "ex: f     1.5/2" in "\n".join(by_item(made, Kind.FUNCTION, WIDE))


# --- CSV ---


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " \n=1", "＝1"])
def test_formulas_are_written_as_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ada", "O'Hara", "a=1", "Ö", "'=1"])
def test_other_texts_stay_unchanged(text: str) -> None:
    assert harmless(text) == text


_texts = st.text(max_size=8) | st.sampled_from(['a,b"c"', "two\nlines", "\r", "=cmd()", "👩‍👩‍👧", "-1"])
_finite = st.floats(-1e9, 1e9)


@given(
    names=st.lists(st.tuples(_texts, _texts), min_size=1, max_size=3),
    values=st.lists(_finite, min_size=4, max_size=4),
    penalty=st.floats(0, 1e9),
)
def test_csv_preserves_every_text_and_number(
    names: list[tuple[str, str]], values: list[float], penalty: float
) -> None:
    graded = submission({key: auto(value) for key, value in zip(TESTS, values, strict=True)}, penalty)
    learners = [ClassMember(f"id{n}", last, first) for n, (last, first) in enumerate(names)]
    record = Record("week", "", 10.0, CELLS, {learner.id: graded for learner in learners})
    [made] = assignments([record], learners)
    lines = list(csv.DictReader(io.StringIO(csv_text(csv_rows([made])), newline=""), strict=True))
    expected: list[tuple[Any, ...]] = []
    for result in made.results:
        about = (result.learner.id, harmless(result.learner.last_name), harmless(result.learner.first_name))
        expected.append((*about, "total", result.score))
        expected += [(*about, score.kind, score.score) for score in result.scores]
    assert expected == [
        (
            *(line["learner"], line["last_name"], line["first_name"], line["kind"]),
            float(line["score"]) if line["score"] else None,
        )
        for line in lines
    ]


@given(st.lists(st.sampled_from([None, 0.0, 0.1, 0.7, 2.0]), min_size=4, max_size=4))
def test_an_exercise_score_is_the_sum_of_its_functions(values: list[float | None]) -> None:
    grades = {
        key: waiting() if value is None else auto(value) for key, value in zip(TESTS, values, strict=True)
    }
    [result] = one(submission(grades)).results
    [exercise] = result.of(Kind.EXERCISE)
    parts = [score.score for score in result.of(Kind.FUNCTION)]
    assert (exercise.score is None) == (parts == [None, None])
    assert (exercise.score or 0.0) == sum(part or 0.0 for part in parts)
    assert (exercise.status is GradeState.NOT_GRADED) == (None in parts)


# --- the terminal ---


def test_a_table_tells_states_apart_and_whose_work_is_open() -> None:
    learners = [
        ClassMember("ada", "Love", "Ada"),
        ClassMember("bob"),
        ClassMember("eve"),
        ClassMember("zoe"),
    ]
    found = {
        "ada": submission({key: auto(1.0) for key in TESTS} | {ESSAY: waiting()}, 0.5),
        "eve": submission({key: waiting() for key in [*TESTS, ESSAY]}),
        "zoe": submission({key: auto(0.0) for key in TESTS} | {ESSAY: CellGrade(0.0, manual_score=0.0)}),
    }
    [made] = assignments([Record("week", "", 10.0, CELLS, found)], learners)
    lines = list(by_learner(made, WIDE))
    assert [line.split("  ")[0] for line in lines[3:7]] == ["bob", "eve", "zoe", "ada (Love, Ada)"]
    assert "not submitted" in lines[3] and "0/10" not in lines[3]
    assert "5 not graded" in lines[4] and "0/" not in lines[4]
    assert "0/10" in lines[5] and lines[5].endswith("graded")
    assert "-0.5" in lines[6] and "3.5/10" in lines[6] and "1 to grade by hand" in lines[6]
    assert {"- ex: eve", "- quiz: eve", "- essay: ada"} <= {*lines}


def test_names_cannot_control_the_terminal() -> None:
    assert plain("a\x1b[31m\nb\x07\u202ec\ud800") == r"a\[31m bc"
    [made] = assignments([Record("w", "", 10.0, CELLS, {})], [ClassMember("*x*", "`$y$`\n\x1b]0;t\x07", "_")])
    assert "*x* (`$y$` ]0;t, _)" in "\n".join(by_learner(made, WIDE))


def test_narrow_screens_show_every_number() -> None:
    text = "\n".join(by_learner(one(submission({key: auto(1.0) for key in TESTS})), Screen(30)))
    assert all(len(line) <= 30 for line in text.splitlines())
    assert "ex: 2/4" in text and "questions: 2/2" in text
