"""The first page: where the learner is, and the one next step."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.web.templating import page


def first_page(request: Request) -> Response:
    """Show the course."""
    return page(request, "course.html", "Where you are", nav="course")


routes = [Route("/", first_page)]
