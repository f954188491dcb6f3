"""A figure in the Markdown of a notebook."""

from __future__ import annotations

import base64
import mimetypes

from grader.content.course import Course
from grader.content.figures import Figure


def picture(figure: Figure, course: Course) -> str:
    """Return a figure as a data URI, so that the notebook needs no other files.

    JupyterLab does not show attachments that are SVG. Raises EnvironmentProblem.
    """
    kind = mimetypes.guess_type(figure.file)[0] or "image/png"
    data = base64.b64encode(course.figure_bytes(figure.file)).decode()
    alt = figure.words.replace("[", "(").replace("]", ")")
    return f"![{alt}](data:{kind};base64,{data})"
