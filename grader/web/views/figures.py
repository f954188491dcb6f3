"""The files of figures that a page shows as images."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.web.figures import TYPES, figure_bytes
from grader.web.refusals import refusal
from grader.web.request import site


def serve(request: Request) -> Response:
    """Answer with a figure that a lesson names, and with no other file."""
    file = request.path_params["file"]
    kind = TYPES.get(Path(file).suffix.lower())
    lessons = site(request).library.contents().lessons
    figures = (figure for lesson in lessons for section in lesson.sections for figure in section.figures)
    if kind is None or all(file not in figure.files.values() for figure in figures):
        return refusal(404)
    return Response(figure_bytes(site(request).course.figure(file)), media_type=kind)


routes = [Route("/figures/{file:path}", serve)]
