"""The application: routes, and what stands before every route."""

from __future__ import annotations

from contextlib import suppress

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from grader.errors import CourseError, UnknownIdError
from grader.web import static
from grader.web.access import guarded
from grader.web.limits import Bodies
from grader.web.prose import prose
from grader.web.refusals import refusal
from grader.web.site import Site
from grader.web.templating import environment, no_page, page
from grader.web.views import (
    author,
    exercise,
    figures,
    lesson,
    network,
    own_questions,
    practice,
    progress,
    questions,
    quiz,
    settings,
)

ROUTES: list[BaseRoute] = [
    *static.routes,
    *progress.routes,
    *lesson.routes,
    *exercise.routes,
    *figures.routes,
    *questions.routes,
    *quiz.routes,
    *practice.routes,
    *network.routes,
    *own_questions.routes,
    *settings.routes,
]


def create_application(site: Site) -> ASGIApp:
    """Return the application that serves a site."""
    return guarded(create_pages(site), site.identity, site.settings)


def create_pages(site: Site) -> Starlette:
    """Return the pages alone; every request to them must have passed `Guard`."""
    application = Starlette(
        routes=[*ROUTES, *(author.routes if site.author else ())],
        middleware=[Middleware(Bodies, settings=site.settings)],
        exception_handlers={404: _no_page, 405: _no_method, CourseError: _course_error},
    )
    application.router.redirect_slashes = False
    application.state.site = site
    return application


def warm_up(site: Site) -> None:
    """Read and compile what the first pages need. An author's error is told by the page that meets it."""
    with suppress(CourseError):
        for lesson in site.library.contents().lessons[:1]:
            prose(lesson.introduction)
        site.library.outline()
    for name in ("course.html", "lesson.html", "section.html"):
        environment().get_template(name)


def _no_page(request: Request, error: Exception) -> Response:
    try:
        return no_page(request)
    except CourseError:  # the header needs the course, too
        return refusal(404)


def _no_method(request: Request, error: Exception) -> Response:
    return refusal(405)


def _course_error(request: Request, error: Exception) -> Response:
    """Show an error in the course's files, or of this machine: what happened, where, and what to do."""
    status = 404 if isinstance(error, UnknownIdError) else 409
    try:
        return page(request, "problem.html", "Something is wrong", status=status, says=str(error))
    except CourseError:
        if request.app.state.site.author is not None:
            return author.broken_page(request)
        return PlainTextResponse(f"{error}\n", status)
