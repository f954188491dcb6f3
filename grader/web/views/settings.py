"""The theme, chosen without a script: a form that sets a cookie."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from grader.web.request import THEMES, field, local_path

YEAR = 365 * 24 * 3600


def choose_theme(request: Request) -> Response:
    """Keep the chosen theme in a cookie and go back to the page."""
    answer = RedirectResponse(local_path(field(request, "back")), 303)
    chosen = field(request, "theme")
    if chosen in THEMES:
        # no secret, and scripts set it at once
        answer.set_cookie("theme", chosen, max_age=YEAR, samesite="strict", path="/")
    return answer


routes = [Route("/theme", choose_theme, methods=["POST"])]
