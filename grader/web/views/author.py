"""Pages for authors, only in `course preview`: all problems, and all questions with their keys.

The author's bar of every page follows each save.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from grader.content.quiz import Practice, Quiz
from grader.errors import CourseError
from grader.progress.evidence import Contents
from grader.web.author import Author
from grader.web.event_streams import LOOK, EventStreams
from grader.web.links import Link, practice_path, quiz_path
from grader.web.proofs import proof
from grader.web.request import local_path, site, theme
from grader.web.templating import environment, no_page, page
from grader.web.views.questions import figure_styles, with_figure

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


def quiz_proof(request: Request) -> Response:
    """Show all questions of a quiz with their keys."""
    return _proof(request, Quiz, request.path_params["quiz"])


def practice_proof(request: Request) -> Response:
    """Show all practice questions of a lesson with their keys."""
    return _proof(request, Practice, request.path_params["lesson"])


def _proof(request: Request, kind: type[Quiz | Practice], item: str) -> Response:
    sources = site(request).library.contents().sources
    source = next((each for each in sources if isinstance(each, kind) and each.id == item), None)
    if source is None:
        return no_page(request)
    now = site(request).clock()
    asked = [
        with_figure(
            request,
            proof(source, question, f"Question {number}: {question.id}", now),
            question,
            source.lesson,
        )
        for number, question in enumerate(source.questions, 1)
    ]
    name = source.title if isinstance(source, Quiz) else "Practice"
    return page(
        request,
        "author_proof.html",
        f"Proofread: {name}",
        styles=figure_styles(asked),
        asked=asked,
        back=Link(name, quiz_path(item) if isinstance(source, Quiz) else practice_path(item)),
    )


routes = [
    Route("/author", problems_page),
    Route("/author/events", events),
    Route("/quiz/{quiz}/proof", quiz_proof),
    Route("/practice/{lesson}/proof", practice_proof),
]
