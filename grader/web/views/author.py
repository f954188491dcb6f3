"""The author's bar, which follows each save, and a page with all problems: only in `course preview`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from grader.errors import CourseError
from grader.progress.evidence import Contents
from grader.web.author import Author
from grader.web.event_streams import LOOK, EventStreams
from grader.web.request import local_path, site, theme
from grader.web.templating import environment, page

_streams = EventStreams()


def problems_page(request: Request) -> Response:
    """Show all problems of the course."""
    return page(request, "author_problems.html", "All problems")


def broken_page(request: Request) -> Response:
    """Show why no page can be shown. It comes back to life when the course can be read."""
    html = environment().get_template("author_broken.html")
    sight = _author(request).sees("/", None)
    return HTMLResponse(html.render(author=sight, here=request.url.path, theme=theme(request)), 409)


async def events(request: Request) -> Response:
    """Send the bar of a page whenever it changes, and what changes when the page's content does."""
    return _streams.answer(_bars(request, local_path(request.query_params.get("page", "/"))))


async def _bars(request: Request, path: str) -> AsyncIterator[str]:
    author = _author(request)
    seen, sent = -1, ""
    while not author.closed:
        found = ""
        if author.number != seen:
            seen = author.number
            data = await asyncio.to_thread(_bar, request, path)
            if data != sent:
                sent = data
                found = f"event: bar\ndata: {data}\n\n"
        yield found
        await asyncio.sleep(LOOK)


def _bar(request: Request, path: str) -> str:
    """Return the bar of a page as JSON."""
    contents: Contents | None
    try:
        contents = site(request).library.contents()
    except CourseError:
        contents = None
    sight = _author(request).sees(path, contents)
    html = environment().get_template("author_bar.html").render(author=sight, here=path)
    return json.dumps({"stamp": sight.stamp, "html": html})


def _author(request: Request) -> Author:
    author = site(request).author
    assert author is not None
    return author


routes = [Route("/author", problems_page), Route("/author/events", events)]
