"""Warnings about fixed black and white in figures that the page colors."""

from __future__ import annotations

from pathlib import Path

import pytest
from sound_course import SoundCourse

from grader.authoring.figure_colors import fixed_color
from grader.authoring.validation import read
from grader.content.course import Course
from grader.content.svg_names import SVG

ROOT = Path(__file__).parents[2]
FIGURES = [*ROOT.glob("lessons/figures/*.svg"), *ROOT.glob("examples/*/lessons/figures/*.svg")]


def drawn(tmp_path: Path, inside: str) -> tuple[int, str] | None:
    file = tmp_path / "a.svg"
    file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">\n{inside}\n</svg>')
    return fixed_color(file)


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ('<path d="M0 0" stroke="black"/>', 'stroke="black"'),
        ('<g><rect fill="#FFF"/></g>', 'fill="#FFF"'),
        ('<text fill="#000000">a</text>', 'fill="#000000"'),
        ('<rect class="l-thin" fill="rgb(255, 255, 255)"/>', None),  # the class sets the fill
        ('<rect class="b-ink" fill="white" stroke="black"/>', None),
        ('<path stroke="currentColor" fill="none"/>', None),
        ('<text fill="white">a</text>', None),  # on a dark area
        ('<clipPath id="c"><rect fill="black"/></clipPath>', None),
        ('<title>a</title><path stroke="black" style="x"/>', None),  # shown as an image
        ('<image href="a.png"/><path stroke="black"/>', None),
        ('<path stroke="black"', None),
    ],
)
def test_a_fixed_color_is_found_where_it_would_vanish(tmp_path: Path, inside: str, found: str | None) -> None:
    assert drawn(tmp_path, inside) == (found and (2, found))


@pytest.mark.parametrize("file", FIGURES, ids=lambda file: file.name)
def test_the_bundled_figures_follow_the_page(file: Path) -> None:
    assert fixed_color(file) is None


def test_pictures_that_are_no_svg_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"stroke")
    assert fixed_color(tmp_path / "a.png") is None and fixed_color(tmp_path / "b.svg") is None


def test_validation_warns_where_the_lesson_names_the_figure(tmp_path: Path) -> None:
    sound = SoundCourse(tmp_path / "sound")
    sound.write(
        "lessons/figures/three.svg",
        f'<svg xmlns="{SVG}" viewBox="0 0 9 9"><path d="M0 0h9" stroke="black"/></svg>',
    )
    reading = read(Course(sound.root))
    [warning] = reading.warnings
    assert warning.line == sound.line("lessons/tiny.yaml", "figures: [{file") and not reading.problems
    assert warning.what == 'line 1 of three.svg has stroke="black", which vanishes on a page of that color'
