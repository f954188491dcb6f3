"""Figures that a lesson names, and no other file."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.web.links import lesson_of
from grader.web.refusals import refusal
from grader.web.request import site

TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
# opened by itself, a picture may have styles of its own, but run and load nothing
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def figure(request: Request) -> Response:
    """Answer with a figure of a lesson."""
    lesson = lesson_of(site(request).library.contents(), request.path_params["lesson"])
    file = request.path_params["file"]
    figures = [each for section in lesson.sections for each in section.figures] if lesson else []
    named = {name for each in figures for name in each.files.values()}
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
