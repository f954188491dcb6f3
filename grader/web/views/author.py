"""The author's bar, which follows each save, and a page with all problems: only in `course preview`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from grader.errors import CourseError
from grader.progress.evidence import Contents
from grader.web.author import Author
from grader.web.refusals import refusal
from grader.web.request import local_path, site, theme
from grader.web.templating import environment, page

STREAMS = 40  # event streams at once
LOOK = 0.05  # seconds between looks for something new
BEAT = 10.0  # seconds after which a silent stream says that it is there
_streams = 0


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
    if _streams >= STREAMS:
        return refusal(429)
    path = local_path(request.query_params.get("page", "/"))
    return StreamingResponse(
        _stream(request, path), media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )


async def _stream(request: Request, path: str) -> AsyncIterator[str]:
    global _streams
    _streams += 1
    author = _author(request)
    try:
        seen, sent, silent = -1, "", 0.0
        while not author.closed:
            if author.number != seen:
                seen = author.number
                data = await asyncio.to_thread(_bar, request, path)
                if data != sent:
                    sent, silent = data, 0.0
                    yield f"event: bar\ndata: {data}\n\n"
            silent += LOOK
            if silent >= BEAT:
                silent = 0.0
                yield ": still here\n\n"
            await asyncio.sleep(LOOK)
    finally:
        _streams -= 1


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
