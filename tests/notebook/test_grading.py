"""Grading learners' notebooks, without nbgrader."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from grader.content.course import Course
from grader.content.exercise import Exercise, Function, Mistake, TestHelp
from grader.content.notebook_cells import read_cell
from grader.content.questions import MultipleQuestion, NumericQuestion, Option, ShapeQuestion, SingleQuestion
from grader.judge.confinement import Confinement
from grader.judge.jobs import ShownCell
from grader.judge.report import Environment, NamedMistake, Outcome, Report, StoppedCode, TestResult
from grader.notebook.grading import (
    UNCONFINED,
    answer_grade,
    exercise_of,
    function_grade,
    outputs,
    question_of,
    share,
    shown_outputs,
    submission_of,
    with_loading,
    with_own_tests,
)
from grader.notebook.repair import ALL, NOTES, PUT_BACK, Original, notes_for, parsed_notebook, repair_cells
from grader.quiz.notebook_answers import answer_name, typed_answer

QUESTION = Course.bundled().quiz("day4").questions[0]


def cell(source: str, kind: str = "code", grade_id: str | None = None, **own: Any) -> dict[str, Any]:
    metadata = {} if grade_id is None else {"nbgrader": {"grade_id": grade_id, **own}}
    made = {"cell_type": kind, "metadata": metadata, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def check_cell(grade_id: str = "ex--f--test", source: str = "CourseTools.run(...)") -> dict[str, Any]:
    return cell(source, grade_id=grade_id, grade=True, solution=False, points=3)


def originals() -> list[Original]:
    """Return the released cells: text, tools, and two functions with their tests."""
    made = [
        Original(grade_id="ex--tools", cell_type="code", source="tools", checksum=None, locked=True),
        Original(grade_id="ex--about", cell_type="markdown", source="about", checksum=None, locked=True),
    ]
    for name in "fg":
        solution = Original(
            grade_id=f"ex--{name}",
            cell_type="code",
            source="starter",
            checksum="c",
            locked=False,
            solution=True,
        )
        test = Original(
            grade_id=f"ex--{name}--test",
            cell_type="code",
            source=f"test {name}",
            checksum="d" * 32,
            locked=True,
            grade=True,
            points=3.0,
        )
        made += [solution, test]
    return made


def released() -> list[dict[str, Any]]:
    return [
        cell(original.source, original.cell_type) | {"metadata": {"nbgrader": original.metadata()}}
        for original in originals()
    ]


def ids(cells: list[dict[str, Any]]) -> list[str]:
    return [c["metadata"].get("nbgrader", {}).get("grade_id", "-") for c in cells]


# --- which cells are the learner's code ---


def test_all_cells_but_tests_are_code_in_the_order_of_the_notebook() -> None:
    cells = [
        cell("words", "markdown"),
        cell("import numpy"),
        cell("  \n"),
        cell("def f(): ...", grade_id="ex--f", solution=True),
        check_cell(),
        cell("an extra cell"),
    ]
    submission = submission_of(cells, "ex.ipynb")
    assert [(c.label, c.source) for c in submission.cells] == [
        ("code cell 1", "import numpy"),
        ("code cell 3", "def f(): ..."),
        ("code cell 5", "an extra cell"),
    ]
    assert all(c.notebook for c in submission.cells)  # so that magics are dropped


def test_read_only_cells_are_not_run_nor_copies_of_them_however_made() -> None:
    cells, _ = repair_cells(
        [*released(), released()[3], cell(" test f\n"), released()[0], cell("mine")], originals()
    )
    assert [c.source for c in submission_of(cells, "x").cells] == ["starter", "starter", "mine"]


# --- repairing ---


def test_what_is_as_released_stays() -> None:
    cells, notes = repair_cells(released(), originals())
    assert cells == released()
    assert notes == {}


def test_the_first_of_two_duplicates_keeps_its_id() -> None:
    cells = released()
    cells.insert(3, cell("a second try", grade_id="ex--f", solution=True))
    repaired, notes = repair_cells(cells, originals())
    assert ids(repaired) == ["ex--tools", "ex--about", "ex--f", "-", "ex--f--test", "ex--g", "ex--g--test"]
    assert "nbgrader" not in repaired[3]["metadata"]  # an empty one would end nbgrader's run
    assert [*notes] == ["ex--f--test"]
    assert "more than once" in notes["ex--f--test"][0]


def test_deleted_tests_are_restored_below_their_function() -> None:
    cells = [c for c, name in zip(released(), ids(released()), strict=True) if not name.endswith("--test")]
    repaired, notes = repair_cells(cells, originals())
    assert ids(repaired) == ids(released())
    put_back = released()[3]
    put_back["metadata"][PUT_BACK] = True
    assert repaired[3] == put_back
    assert {*notes} == {"ex--f--test", "ex--g--test"}


def test_everything_deleted_leaves_the_tests() -> None:
    repaired, notes = repair_cells([], originals())
    assert ids(repaired) == ["ex--f--test", "ex--g--test"]
    put_back = "This cell was missing and has been put back."
    assert notes["ex--f--test"] == ["The cell ex--f is missing.", put_back]


def test_a_deleted_solution_cell_is_not_restored() -> None:
    """Its starter code would replace code that the learner wrote elsewhere."""
    cells = [cell("def f(): return 1"), *(c for c in released() if c["source"] != "starter")]
    repaired, notes = repair_cells(cells, originals())
    assert "starter" not in [c["source"] for c in repaired]
    assert notes["ex--f--test"] == ["The cell ex--f is missing."]


def test_cell_types_are_restored_from_the_release() -> None:
    cells = released()
    cells[1] = cell("about", "code", "ex--about")
    cells[2] = cell("def f(): return 1", "markdown", "ex--f")
    repaired, notes = repair_cells(cells, originals())
    assert [c["cell_type"] for c in repaired[:3]] == ["code", "markdown", "code"]
    assert repaired[2]["source"] == "def f(): return 1"
    assert "outputs" not in repaired[1] and repaired[2]["outputs"] == []
    assert notes == {"ex--f--test": ["The cell ex--f is read as code, its original type."]}


@pytest.mark.parametrize(
    "own",
    [
        {"grade_id": "ex--f--test", "points": 400, "grade": True, "solution": True, "schema_version": 99},
        {"grade_id": "ex--f--test"},
        {"grade_id": "mine", "grade": True, "points": 5},
        {"grade_id": ["ex--f--test"]},
        {},
        "text",
        None,
    ],
)
def test_nothing_in_metadata_is_trusted(own: Any) -> None:
    cells = [c for c in released() if c["metadata"]["nbgrader"]["grade_id"] != "ex--f--test"]
    cells.append(cell("test f") | {"metadata": {"nbgrader": own, "course_left_out": True, PUT_BACK: True}})
    repaired, _ = repair_cells(cells, originals())
    known = {original.grade_id: original.metadata() for original in originals()}
    assert sorted(known) == sorted(grade_id for grade_id in ids(repaired) if grade_id != "-")
    for each in repaired:
        each["metadata"].pop(PUT_BACK, None)
        assert each["metadata"] in ({}, *({"nbgrader": own} for own in known.values()))


def test_notes_apply_to_one_cell_or_to_all() -> None:
    metadata = {NOTES: {ALL: ["everywhere"], "a--test": ["here"], "b--test": "no list"}}
    assert notes_for(metadata, "a--test") == ["everywhere", "here"]
    assert notes_for(metadata, "b--test") == ["everywhere"]
    assert notes_for({NOTES: "x"}, "a--test") == notes_for({}, "a--test") == []


# --- reading ---


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "it is empty"),
        (b"print(1)", "it is not JSON"),
        (b"\xff\xfe\x00", "it is not text"),
        (b"[" * 200_000, "it is not JSON"),
        (b"1", "it has no cells"),
        (b"[]", "it has no cells"),
        (b"null", "it has no cells"),
        (b"{}", "it has no cells"),
        (b'{"cells": 5}', "it has no cells"),
        (b'{"worksheets": 7}', "it has no cells"),
        (b'{"cells": [{"cell_type": "code", "source": "' + b"x" * 5_100_000 + b'"}]}', "more than 5 MB"),
    ],
    ids=str,
)
def test_a_file_that_is_not_a_notebook_is_read_as_empty(raw: bytes, problem: str) -> None:
    notebook, said = parsed_notebook(raw)
    assert problem in said
    assert notebook["cells"] == []
    nbformat.validate(nbformat.from_dict(notebook))


def test_old_and_unusual_notebooks_are_read() -> None:
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}]}], "nbformat": 3}
    notebook, said = parsed_notebook(json.dumps(old).encode())
    assert (said, notebook["cells"][0]["source"]) == ("", "a = 1\nb = 2")
    odd = {
        "cells": [
            {"cell_type": "code", "source": "x\ud800", "metadata": {"tags": 7}, "outputs": "none", "id": 3},
            {"cell_type": "game", "source": 5, "attachments": {"a": 1}},
            "no cell",
        ],
        "metadata": {"kernelspec": "julia", "language_info": {"name": "R"}, NOTES: {"": [{}]}, "authors": 1},
    }
    notebook, said = parsed_notebook(json.dumps(odd).encode())
    assert (said, [c["cell_type"] for c in notebook["cells"]]) == ("", ["code", "markdown"])
    assert notebook["metadata"] == {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    nbformat.validate(nbformat.from_dict(notebook))
    nbformat.writes(nbformat.from_dict(notebook)).encode()


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
_keys = st.sampled_from(["cell_type", "source", "input", "metadata", "outputs", "attachments", "id"])
_own = st.fixed_dictionaries(
    {"nbgrader": st.fixed_dictionaries({"grade_id": st.sampled_from(["ex--f", "x", 1])})}
)
_cells = st.dictionaries(_keys, _json | st.sampled_from(["code", "markdown", "raw"]) | _own, max_size=5)


@settings(max_examples=50)
@given(cells=st.lists(_cells | _json, max_size=6), metadata=_json)
def test_any_json_becomes_a_valid_notebook(cells: list[Any], metadata: Any) -> None:
    notebook, _ = parsed_notebook(json.dumps({"cells": cells, "metadata": metadata}).encode())
    repaired, _ = repair_cells(notebook["cells"], originals())
    assert {"ex--f--test", "ex--g--test"} <= {*ids(repaired)}
    made = nbformat.from_dict(notebook | {"cells": repaired})
    nbformat.validate(made)
    nbformat.writes(made).encode()


# --- verdicts on functions ---

EXERCISE = Exercise(
    id="ex",
    title="Ex",
    lesson="tiny",
    text="",
    functions=(
        Function(
            signature="f(x)", text="", returns={"y": "int"}, section="1.1", hints=("Think of x.", "No.")
        ),
        Function(signature="g(x)", text="", returns={"y": "int"}),
    ),
    mistakes=(Mistake(id="off", function="f", misconception="m", says="Where does counting begin?"),),
)


def result(number: int, function: str = "f", passed: bool = True, **changes: Any) -> TestResult:
    made: dict[str, Any] = {
        "id": f"test_{number}",
        "function": function,
        "title": f"Title {number}",
        "outcome": Outcome.PASSED if passed else Outcome.FAILED,
        "points": 2.0,
        "score": 2.0 * passed,
        "message": "" if passed else f"It is <b>not</b> {number}",
        "visible": number == 1,
    }
    return TestResult(**made | changes)


def report(
    *tests: TestResult,
    mistakes: tuple[NamedMistake, ...] = (),
    confinement: Confinement = Confinement.BUBBLEWRAP,
) -> Report:
    surroundings = Environment(
        python="3", numpy="2", tensorflow="2", keras="3", platform="x", threads=1, confinement=confinement
    )
    score, best = sum(t.score for t in tests), sum(t.points for t in tests)
    return Report(
        exercise="ex", version="v", score=score, max_score=best, passed=score == best, tests=tests,
        mistakes=mistakes, seed=1, environment=surroundings, seconds=0.1,
    )  # fmt: skip


def test_feedback_has_titles_messages_the_mistake_and_a_section() -> None:
    named = NamedMistake(id="off", misconception="m", says="Where does counting begin?", tests=("test_2",))
    grade = function_grade(
        report(result(1), result(2, passed=False), result(3, "g"), mistakes=(named,)), EXERCISE, "f", 4.0
    )
    assert grade.score == 2.0
    assert grade.lines == (
        "f  2 of 4",
        "  passed  Title 1 (visible)",
        "  failed  Title 2 (hidden)",
        "          It is <b>not</b> 2",
        "  idea    Where does counting begin?",
        "          Read again: section 1.1 of the lesson",
        "  hint    Think of x.",
    )


def test_the_hint_follows_the_failure() -> None:
    guided = structs.replace(EXERCISE, tests={"test_2": TestHelp(hints=("Count from 0.", "And by 2."))})
    grade = function_grade(report(result(1), result(2, passed=False)), guided, "f", 4.0)
    assert grade.lines[-1] == "  hint    Count from 0."
    grade = function_grade(report(result(1, passed=False), result(2)), guided, "f", 4.0)
    assert grade.lines[-1] == "  hint    Think of x."


def test_what_stopped_and_how_it_was_read_come_before_an_exercise_s_first_grade() -> None:
    stopped = StoppedCode(place="line 1 of code cell 2", message="Line 1 of code cell 2 stopped.")
    read = structs.replace(report(result(1)), stopped=(stopped,), notes=("helper.py was found.",))
    grade = function_grade(read, EXERCISE, "f", 2.0)
    assert grade.lines == ("f  2 of 2, 1 test passed",)
    first = with_loading(grade, read)
    assert first.score == 2.0
    assert first.lines == (
        "Line 1 of code cell 2 stopped.",
        "This costs no points by itself: all functions that are defined were tested.",
        "Note: helper.py was found.",
        "f  2 of 2, 1 test passed",
    )


def test_own_tests_are_at_their_place_even_if_they_were_put_back() -> None:
    own = {"grade": True, "solution": False, "points": 1}
    back = cell("assert y", grade_id="back", **own)
    back["metadata"][PUT_BACK] = True
    cells = [
        cell("words", "markdown"),
        cell("x = 1"),
        cell("assert x", grade_id="mine", **own),
        back,
        check_cell(),
        cell("y = 1"),
    ]
    assert [(c.label, c.source) for c in with_own_tests(cells, submission_of(cells, "x")).cells] == [
        ("code cell 1", "x = 1"),
        ("code cell 2", "assert x"),
        ("the test back", "assert y"),
        ("code cell 4", "y = 1"),
    ]
    assert [c.source for c in submission_of(cells, "x").cells] == ["x = 1", "y = 1"]


def test_a_renamed_function_is_reported_as_missing() -> None:
    missing = {"outcome": Outcome.NOT_RUN, "message": "f is not defined", "passed": False}
    grade = function_grade(
        report(result(1, **missing), result(2, **missing), result(3, "g")), EXERCISE, "f", 4.0
    )
    assert grade.score == 0.0
    assert grade.lines[:2] == ("f  0 of 4", "  not run: f is not defined")


def test_feedback_includes_notes_and_a_missing_sandbox() -> None:
    grade = function_grade(report(result(1), confinement=Confinement.NONE), EXERCISE, "f", 2.0, ["Twice."])
    assert grade.lines == ("f  2 of 2, 1 test passed", UNCONFINED, "Note: Twice.")


def test_points_are_scaled_and_broken_tests_cost_nothing() -> None:
    broken = {
        "outcome": Outcome.JUDGE_BROKEN,
        "points": 0.0,
        "score": 0.0,
        "message": "broken",
        "passed": False,
    }
    right_and_broken = report(result(1), result(2, **broken))
    assert function_grade(right_and_broken, EXERCISE, "f", 4.0).score == 4.0
    assert function_grade(report(result(1), result(2, passed=False)), EXERCISE, "f", 10.0).score == 5.0
    assert function_grade(report(result(1, **broken)), EXERCISE, "f", 4.0).score == 4.0
    assert function_grade(report(result(1)), EXERCISE, "gone", 4.0).score == 4.0


@given(
    best=st.floats(0.1, 100, allow_nan=False), part=st.floats(0, 1), points=st.floats(0, 100, allow_nan=False)
)
def test_a_score_never_exceeds_the_points(best: float, part: float, points: float) -> None:
    """Nbgrader would refuse the whole submission."""
    assert 0.0 <= share(best * part, best, points) <= points
    assert share(best, best, points) == points
    assert share(best * part, best, best) == best * part


def test_outputs_are_the_feedback_and_a_plain_number() -> None:
    shown, score = outputs(function_grade(report(result(1), result(2, passed=False)), EXERCISE, "f", 4.0))
    assert score["data"] == {"text/plain": "2.0"}
    assert (shown["output_type"], score["output_type"]) == ("display_data", "execute_result")
    assert "It is <b>not</b> 2" in shown["data"]["text/plain"]
    assert "It is &lt;b&gt;not&lt;/b&gt; 2" in shown["data"]["text/html"]


def test_cell_outputs_are_kept_in_the_format_of_jupyter() -> None:
    cells = [cell("words", "markdown"), cell("a"), check_cell(), cell("b"), cell("c")]
    shown = (
        ShownCell("code cell 1"),
        ShownCell("code cell 3", "one\n", "3"),
        ShownCell("code cell 4", error_type="KeyError", error="KeyError: 1 (line 1 of code cell 4)"),
        ShownCell("code cell 9", "of no cell here"),
    )
    found = {each["source"]: outputs for each, outputs in shown_outputs(cells, shown)}
    assert found["a"] == []
    assert [(o["output_type"], o.get("text"), o.get("data")) for o in found["b"]] == [
        ("stream", "one\n", None),
        ("execute_result", None, {"text/plain": "3"}),
    ]
    assert [(o["ename"], o["traceback"]) for o in found["c"]] == [
        ("KeyError", ["KeyError: 1 (line 1 of code cell 4)"])
    ]
    assert {*found} == {"a", "b", "c"}
    for outputs_ in found.values():
        for output in outputs_:
            nbformat.validate(nbformat.from_dict(output), "output", version=4)


@pytest.mark.parametrize("own", ["text", None, 3, []])
def test_invalid_metadata_do_not_make_a_cell_a_test(own: Any) -> None:
    odd = cell("x = 1") | {"metadata": {"nbgrader": own}}
    assert not read_cell(odd).is_test
    assert [c.source for c in submission_of([odd], "x").cells] == ["x = 1"]


# --- ids ---


def test_ids_name_the_tested_function_or_question() -> None:
    assert exercise_of("exercise-x--my_function--test") == ("exercise-x", "my_function")
    assert exercise_of("day4-q1--test") is None
    assert exercise_of("exercise-x--my_function") is None
    assert question_of("day4-q1--test") == "day4-q1"
    assert answer_name("day4-q1") == "answer_day4_q1"


# --- answers ---


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        ('answer_x = "b"', "b"),
        ("answer_x = 'B'  # sure", "B"),
        ("answer_x = b", "b"),
        ("answer_x = None", None),
        ("answer_x = None\nanswer_x = 'a'", "a"),
        ("answer_x = 'a'\nanswer_x = None", None),
        ('answer_x: str = "b"', "b"),
        ('answer_x = other = "b"', "b"),
        ('answer_x = ("a", "c")', "a, c"),
        ('answer_x = ["a", "c"]', "a, c"),
        ('answer_x = {"a"}', "a"),
        ("answer_x = (None, 10, 25)", "(None, 10, 25)"),
        ("answer_x = 4 * 25 * 26", "4 * 25 * 26"),
        ("answer_x = -0.5", "-0.5"),
        ('answer_x = "b" if True else "c"', "'b' if True else 'c'"),
        ('%time\nanswer_x = "b"', "b"),
        ('I think it is this one\nanswer_x = "b"\n!ls', "b"),
        ('    answer_x = "b"', "b"),
        ('answer_xy = "b"', None),
        ('print(answer_x == "b")', None),
        ('def f():\n    answer_x = "b"', None),
        ('"answer_x = 1"', None),
        ("answer_x =", None),
        ("", None),
        ("answer_x = " + "-" * 9000 + "1", None),
        ("answer_x = " + "(" * 5000, None),
        ("answer_x = '" + "b" * 30_000 + "'", None),
        ("answer_x = 0x" + "f" * 9000, "0x" + "f" * 9000),
        ("answer_x = '\0'", None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_answers_are_read_and_never_run(source: str, typed: str | None) -> None:
    found = typed_answer([read_cell(cell(source, grade_id="x", solution=True))], "x")
    if typed is not None and typed.startswith("0x"):
        assert found is not None  # the answer is refused later for its length
    else:
        assert found == typed


def test_the_last_assignment_of_the_notebook_counts() -> None:
    nodes = [
        cell("answer_x = 'a'", grade_id="x", solution=True),
        cell("answer_x = 'c'", "markdown"),
        check_cell("x--test", "answer_x = 'd'"),
        cell("answer_x = 'b'"),
    ]
    cells = [*map(read_cell, nodes)]
    assert typed_answer(cells, "x") == "b"
    assert typed_answer(cells[1:3], "x") is None


def test_feedback_on_an_answer_includes_the_option_s_explanation() -> None:
    assert isinstance(QUESTION, SingleQuestion)
    right, wrong = QUESTION.answer, next(i for i in QUESTION.option_ids if i != QUESTION.answer)
    grade = answer_grade(QUESTION, f" {right.upper()}) ", 1.0)
    assert (grade.score, grade.lines[0]) == (1.0, f"Right: {right}.")
    grade = answer_grade(QUESTION, wrong, 3.0, ["Twice."])
    assert (grade.score, grade.lines[0], grade.lines[-1]) == (0.0, f"Not right: {wrong}.", "Note: Twice.")
    assert QUESTION.option(wrong).why.strip() in " ".join(grade.lines)
    assert answer_grade(QUESTION, right, 3.0).score == 3.0


@pytest.mark.parametrize("typed", [None, "", "ab", "none of them", "x" * 199, "\0", "print('b')"])
def test_an_invalid_answer_scores_nothing_and_gets_advice(typed: str | None) -> None:
    grade = answer_grade(QUESTION, typed, 1.0)
    assert grade.score == 0.0
    assert "one of the letters a-d" in grade.lines[0]
    assert len(grade.lines[0]) < 200


def test_a_rounded_answer_does_not_count_and_says_so() -> None:
    common: dict[str, Any] = {"prompt": "?", "explain": "!", "concepts": ("c",), "section": "1"}
    asked = NumericQuestion(id="x", answer="0.878622", decimals=3, otherwise="no", **common)
    assert answer_grade(asked, "0.879", 1.0).score == 1.0
    grade = answer_grade(asked, "0.9", 1.0)
    says = "0.9 is right so far, but it does not count. The question asks for three decimals."
    assert (grade.score, grade.lines) == (0.0, (says,))


def test_an_overlong_answer_is_refused_and_not_shown() -> None:
    grade = answer_grade(QUESTION, "x" * 9000, 1.0)
    assert (grade.score, len(grade.lines[0]) < 200) == (0.0, True)


def test_other_kinds_of_questions_accept_python_values() -> None:
    common: dict[str, Any] = {"prompt": "?", "explain": "!", "concepts": ("c",), "section": "1"}
    options = tuple(Option(text=t, why="w", correct=t in "AC") for t in "ABC")
    several = MultipleQuestion(id="x", options=options, **common)
    shape = ShapeQuestion(id="x", answer="(None, 10)", otherwise="no", **common)
    number = NumericQuestion(id="x", answer="4 * 5", otherwise="no", **common)
    for question, source in [
        (several, 'answer_x = "c", "a"'),
        (several, 'answer_x = "ac"'),
        (shape, "answer_x = (None, 10)"),
        (shape, 'answer_x = "(None, 10)"'),
        (number, "answer_x = 20"),
        (number, "answer_x = 2 * 10.0"),
        (number, 'answer_x = "20"'),
    ]:
        assert answer_grade(question, typed_answer([read_cell(cell(source))], "x"), 1.0).score == 1.0, source
