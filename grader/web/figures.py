"""A lesson's figures as HTML: inline where the file is plain SVG, else as an image."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from grader.content.course import Course
from grader.content.lesson import LessonFigure, Section
from grader.errors import EnvironmentProblem
from grader.web.prose import inline
from grader.web.svg import SvgRefused, svg

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


def section_figures(course: Course, section: Section) -> tuple[Markup, ...]:
    """Return the figures of a section. Raises EnvironmentProblem if a file cannot be read."""
    name = section.id.replace(".", "-")
    return tuple(
        figure_html(course, figure, f"figure-{name}-{number}")
        for number, figure in enumerate(section.figures, 1)
    )


def figure_html(course: Course, figure: LessonFigure, name: str) -> Markup:
    """Return a figure with its caption. With a narrow file, the style sheet shows one of the two."""
    drawn = _drawn(course, figure.file, figure.alt, name)
    if figure.narrow is not None:
        narrow = _drawn(course, figure.narrow, figure.alt, f"{name}-narrow")
        drawn = Markup('<div class="at-wide">{}</div><div class="at-narrow">{}</div>').format(drawn, narrow)
    return Markup('<figure class="picture" id="{}">{}<figcaption>{}</figcaption></figure>').format(
        name, drawn, inline(figure.caption)
    )


def figure_bytes(path: Path) -> bytes:
    """Return a figure's file. Raises EnvironmentProblem."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise EnvironmentProblem(
            f"{path} cannot be read: {error.strerror} — check the name in the lesson, and its permissions"
        ) from None


def _drawn(course: Course, file: str, alt: str, name: str) -> Markup:
    path = course.figure(file)
    if path.suffix.lower() == ".svg":
        try:
            return svg(figure_bytes(path), alt=" ".join(alt.split()), prefix=name)
        except SvgRefused:  # as an image, it cannot do harm
            pass
    return Markup('<img src="/figures/{}" alt="{}">').format(file, " ".join(alt.split()))
