"""Figures made of characters: on terminals that have the room, and not for screen readers."""

from __future__ import annotations

import pytest

from grader.cli.lesson import section_lines
from grader.cli.text import Screen, columns
from grader.content.course import Course
from grader.content.decode import decode
from grader.content.figures import MAX_DRAWING, LessonFigure
from grader.content.lesson import Lesson, Section
from grader.content.problem import ContentError

LESSON = Course.bundled().lesson("day4")
DRAWN = [
    (section, figure)
    for section in LESSON.sections
    for figure in section.figures
    if figure.drawing is not None
]


def test_every_figure_has_a_drawing() -> None:
    assert [f.file for s in LESSON.sections for f in s.figures if f.drawing is None] == []


@pytest.mark.parametrize(("section", "figure"), DRAWN, ids=lambda each: getattr(each, "id", "figure"))
def test_a_terminal_shows_the_drawing_and_a_pipe_its_description(
    section: Section, figure: LessonFigure
) -> None:
    def shown(page: Screen) -> str:
        return "\n".join(section_lines(section, LESSON, page))

    first = (figure.drawing or "").split("\n")[0].rstrip()
    assert first in shown(Screen(80, drawn=True)) and "Description:" not in shown(Screen(80, drawn=True))
    for page in (Screen(80), Screen(40, drawn=True)):
        assert first not in shown(page) and "Description:" in shown(page)


def test_no_drawing_is_too_wide() -> None:
    assert all(columns(line) <= MAX_DRAWING for _, each in DRAWN for line in (each.drawing or "").split("\n"))


def test_a_drawing_that_is_too_wide_is_found() -> None:
    text = f"""
id: x
title: X
introduction: Words.
concepts: []
summary: Words.
sections:
  - id: "1"
    title: One
    text: Words.
    figures: [{{file: a.svg, caption: A, alt: A, drawing: {"-" * 77}}}]
"""
    with pytest.raises(ContentError, match="a line has 77 characters"):
        decode(text, "x", Lesson)
