"""Templates of pages. Everything that a template inserts is escaped, except what is `Markup` already."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import HTMLResponse

from grader.tutor.function_verdicts import passed_word
from grader.web.prose import inline, message, prose, told
from grader.web.request import site, theme
from grader.web.static import static_url

TEMPLATES = Path(__file__).with_name("templates")


class Piece(Struct, frozen=True):
    """One piece of the ribbon in the header: a section, or a function of an exercise."""

    state: str  # "done", "here", "miss" or ""
    width: float = 1.0
    gap: bool = False  # more room before it


class Place(Struct, frozen=True):
    """Where the learner is: a sentence and the ribbon that shows it."""

    says: str
    pieces: tuple[Piece, ...] = ()


@cache
def environment() -> Environment:
    """Return the templates, compiled when they are first used."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"prose": prose, "inline": inline, "message": message, "told": told}
    environment.globals |= {"static": static_url}
    return environment


def page(
    request: Request,
    template: str,
    title: str,
    *,
    status: int = 200,
    nav: str = "",
    place: Place | None = None,
    styles: tuple[str, ...] = (),
    scripts: tuple[str, ...] = (),
    **context: Any,
) -> HTMLResponse:
    """Return a page that extends layout.html.

    `nav` is the current link of the header. `styles` and `scripts` are further files of static/.
    """
    course = site(request).library.outline()
    author = site(request).author
    kit = site(request).course.kit is not None
    html = (
        environment()
        .get_template(template)
        .render(
            title=title,
            nav=nav,
            place=place,
            styles=styles,
            scripts=scripts,
            theme=theme(request),
            csrf=request.state.csrf,
            course=course,
            here=request.url.path,
            author=author.sees(request.url.path, site(request).library.contents()) if author else None,
            kit=kit,
            passed_word=passed_word(kit=kit),
            **context,
        )
    )
    return HTMLResponse(html, status)


def no_page(request: Request) -> HTMLResponse:
    """Return the answer to an address that leads nowhere."""
    says = "There is no such page. Start at the course’s first page."
    return page(request, "problem.html", "Nothing here", status=404, says=says)
