"""What a request tells a page: the site, the learner, the fields of a form, and the theme."""

from __future__ import annotations

from contextlib import AbstractContextManager

from starlette.requests import Request

from grader.tutor.recording import Recorder
from grader.web.identity import Learner
from grader.web.site import Site

THEMES = ("light", "dark")


def site(request: Request) -> Site:
    """Return the site that the request is for."""
    found = request.app.state.site
    assert isinstance(found, Site)
    return found


def learner(request: Request) -> Learner:
    """Return who is asking."""
    found = request.state.learner
    assert isinstance(found, Learner)
    return found


def reading(request: Request) -> AbstractContextManager[Recorder]:
    """Return a context manager: the learner's recorder, for a page that only shows something."""
    return site(request).store.reading(learner(request))


def writing(request: Request) -> AbstractContextManager[Recorder]:
    """Return a context manager: the learner's recorder, which no other request uses meanwhile."""
    return site(request).store.writing(learner(request))


def field(request: Request, name: str) -> str:
    """Return the first value of a form's field, or ""."""
    return fields(request, name)[0] if fields(request, name) else ""


def fields(request: Request, name: str) -> list[str]:
    """Return all values of a form's field."""
    values = request.state.form.get(name, [])
    assert isinstance(values, list)
    return values


def theme(request: Request) -> str | None:
    """Return the theme that the learner has chosen, or None if it follows the system."""
    chosen = request.cookies.get("theme")
    return chosen if chosen in THEMES else None


def local_path(back: str) -> str:
    """Return the path if it leads to a page of ours, else the first page."""
    ok = back.startswith("/") and back.isascii() and back.isprintable() and "\\" not in back
    return back if ok and not back.startswith("//") else "/"
