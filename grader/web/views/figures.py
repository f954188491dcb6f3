"""Figures that a lesson or its questions name, and no other file."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.content.figures import file_names
from grader.web.refusals import refusal
from grader.web.request import site

TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
# opened by itself, a picture may have styles of its own, but run and load nothing
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def figure(request: Request) -> Response:
    """Answer with a figure of a lesson or of its questions."""
    file = request.path_params["file"]
    library, lesson = site(request).library, request.path_params["lesson"]
    sources = [each for each in (*library.contents().sources, *library.sealed()) if each.lesson == lesson]
    lessons = [each for each in library.contents().lessons if each.id == lesson]
    named = file_names(figure for each in (*lessons, *sources) for figure in each.pictures)
    path = site(request).course.figure(file)
    if file not in named or path.suffix not in TYPES or not path.is_file():
        return refusal(404)
    content = path.read_bytes()
    etag = f'"{hashlib.blake2b(content, digest_size=8).hexdigest()}"'
    headers = {"etag": etag, "cache-control": "private, no-cache", "content-security-policy": POLICY}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=TYPES[path.suffix], headers=headers)


routes = [Route("/figure/{lesson}/{file:path}", figure)]
