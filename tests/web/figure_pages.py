"""A page with all figures of the bundled lesson, as the page shows them."""

from __future__ import annotations

from pathlib import Path

from grader.content.course import Course
from grader.web.figures import section_figures
from grader.web.static import FILES

COURSE = Course.bundled()


def figures_page() -> str:
    """Return HTML with the page's own style sheets."""
    lesson = COURSE.lesson("day4")
    figures = [figure for section in lesson.sections for figure in section_figures(COURSE, lesson, section)]
    styles = "".join((FILES / name).read_text("utf-8") for name in ("tokens.css", "page.css", "figures.css"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Figures</title>'
        f'<meta name="viewport" content="width=device-width"><style>{styles}</style></head>'
        f'<body><div class="frame"><nav class="rail" aria-label="Contents"></nav><main><h1>Figures</h1>'
        f"{''.join(figures)}</main></div></body></html>"
    )


def narrow_and_wide_files() -> list[Path]:
    """Return the files of all figures."""
    lesson = COURSE.lesson("day4")
    return [
        COURSE.figure(file)
        for section in lesson.sections
        for figure in section.figures
        for file in figure.files.values()
    ]
