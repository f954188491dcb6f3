"""A lesson's figures as HTML: inline where the file is plain SVG, else as an image."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from grader.content.course import Course
from grader.content.figures import Figure, LessonFigure
from grader.content.lesson import Lesson, Section
from grader.web.prose import inline
from grader.web.svg import SvgRefused, svg


def section_figures(course: Course, lesson: Lesson, section: Section) -> list[Markup]:
    """Return the figures of a section. Raises EnvironmentProblem if a file cannot be read."""
    name = section.id.replace(".", "-")
    return [
        figure_html(course, lesson.id, figure, f"figure-{name}-{number}")
        for number, figure in enumerate(section.figures, 1)
    ]


def figure_html(course: Course, lesson: str, figure: Figure, name: str) -> Markup:
    """Return a figure of a section, with its caption, or of a question.

    With a narrow file, the style sheet shows one of the two. Raises EnvironmentProblem.
    """
    alt = figure.words

    def drawn(file: str, name: str) -> Markup:
        if file.lower().endswith(".svg"):
            try:
                return svg(course.figure_bytes(file), alt=alt, prefix=name)
            except SvgRefused:  # as an image, it cannot do harm
                pass
        source = f"/figure/{lesson}/{quote(file)}"
        return Markup('<img src="{}" alt="{}" loading="lazy">').format(source, alt)

    picture = drawn(figure.file, name)
    if figure.narrow is not None:
        picture = Markup('<div class="at-wide">{}</div><div class="at-narrow">{}</div>').format(
            picture, drawn(figure.narrow, f"{name}-narrow")
        )
    caption = Markup()
    if isinstance(figure, LessonFigure):
        caption = Markup("<figcaption>{}</figcaption>").format(inline(figure.caption))
    return Markup('<figure class="pic" id="{}">{}{}</figure>').format(name, picture, caption)
