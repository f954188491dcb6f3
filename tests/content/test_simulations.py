"""Simulations of a lesson: settings are checked, and each asks a practice question of its section first."""

from __future__ import annotations

import pytest

from grader.cli.lesson import section_lines
from grader.cli.text import Screen
from grader.content.course import Course
from grader.content.decode import decode
from grader.content.lesson import Lesson, Section
from grader.content.problem import ContentError
from grader.content.questions import SingleQuestion
from grader.content.schema import schema
from grader.content.simulations import Gates, GradientLag, LstmGates, Unrolled

UNROLLED = "inputs: [1, 0, 0], input_weight: 1, recurrent_weight: 0.5, shown: 2, then: 1"
ROW = "{label: A, curve: gated, controls: {forget_bias: 5}, lags: [10, 50], values: [0.27, 0.49]}"
LAG = f"curves: [gated], start: {{}}, then: {{forget_bias: 3}}, measured: [{ROW}]"
GATES = "cell: lstm, start: {forget: 0.9, input: 1, output: 1}, then: {forget: 0.98, input: 1, output: 1}"


def lesson(kind: str, settings: str, more: str = "") -> Lesson:
    simulation = f"{{id: s, kind: {kind}, title: T, text: X., question: q, settings: {{{settings}}}}}"
    text = f"""
id: x
title: X
introduction: Words.
concepts: []
summary: Words.
sections:
  - {{id: "1", title: One, text: Words., simulations: [{simulation}{more}]}}
"""
    return decode(text, "x.yaml", Lesson)


@pytest.mark.parametrize(
    ("kind", "settings", "type_"),
    [("unrolled", UNROLLED, Unrolled), ("gradient-lag", LAG, GradientLag), ("gates", GATES, Gates)],
)
def test_a_kind_has_settings_of_its_own(kind: str, settings: str, type_: type) -> None:
    (simulation,) = lesson(kind, settings).sections[0].simulations
    assert type(simulation) is type_
    if isinstance(simulation, Gates):
        assert simulation.settings.start == LstmGates(forget=0.9, input=1, output=1)


@pytest.mark.parametrize(
    ("kind", "settings", "what"),
    [
        ("rolled", UNROLLED, "'rolled' is not a known value"),
        ("unrolled", UNROLLED.replace("then: 1", "then: 2.5"), "2.5 is out of range"),
        ("unrolled", UNROLLED.replace("[1, 0, 0]", "[1, 3, 0]"), "3 is out of range"),
        ("unrolled", UNROLLED.replace("[1, 0, 0]", "[1]"), "the number of inputs is 1"),
        ("unrolled", UNROLLED.replace("shown: 2", "shown: 3"), "`shown` is 3"),
        ("unrolled", GATES, "`cell` is not a field here"),
        ("gates", GATES.replace("lstm", "rnn"), "'rnn' is not a known value"),
        ("gates", GATES.replace("lstm", "gru"), "`forget` is not a field here"),
        ("gates", GATES.replace("0.98", "1.1"), "1.1 is out of range"),
        ("gradient-lag", LAG.replace("[0.27, 0.49]", "[0.27]"), "there are 2 lags and 1 values"),
        ("gradient-lag", LAG.replace("[10, 50]", "[10, 500]"), "500 is out of range"),
        ("gradient-lag", LAG.replace("curves: [gated]", "curves: [factor]"), "'gated' is not defined"),
        ("gradient-lag", LAG.replace("curves: [gated]", "curves: []"), "there is no curve"),
    ],
)
def test_wrong_settings_are_named(kind: str, settings: str, what: str) -> None:
    with pytest.raises(ContentError) as caught:
        lesson(kind, settings)
    assert what in str(caught.value)


def test_two_simulations_need_two_ids() -> None:
    second = f", {{id: s, kind: unrolled, title: T, text: X., question: q, settings: {{{UNROLLED}}}}}"
    with pytest.raises(ContentError, match="'s' is used twice"):
        lesson("unrolled", UNROLLED, second)


def test_the_schema_knows_the_kinds() -> None:
    kinds = {name for name in schema("lesson")["$defs"] if name in ("Unrolled", "GradientLag", "Gates")}
    assert kinds == {"Unrolled", "GradientLag", "Gates"}


COURSE = Course.bundled()
MOVING = [
    (lesson, section)
    for lesson in map(COURSE.lesson, COURSE.lesson_ids)
    for section in lesson.sections
    if section.simulations
]


@pytest.mark.parametrize(("lesson", "section"), MOVING, ids=lambda each: each.id)
def test_a_prediction_is_a_practice_question_of_the_section(lesson: Lesson, section: Section) -> None:
    for simulation in section.simulations:
        question = COURSE.practice(lesson.id).question(simulation.question)
        assert isinstance(question, SingleQuestion)
        assert question.section == section.id


@pytest.mark.parametrize(("lesson", "section"), MOVING, ids=lambda each: each.id)
def test_the_terminal_says_where_it_moves(lesson: Lesson, section: Section) -> None:
    shown = " ".join("\n".join(section_lines(section, lesson, Screen(80))).split())
    for simulation in section.simulations:
        title = f"Moves on the page: {simulation.title}."
        assert f"{title} To see it: `course open {lesson.id}`" in shown
