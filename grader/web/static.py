"""Files that the page is made of. Their addresses contain a hash, so browsers keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.web.refusals import refusal

FILES = Path(__file__).with_name("static")
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "private, max-age=31536000, immutable"


class StaticFile(Struct, frozen=True):
    """One file, in memory."""

    content: bytes
    type: str
    etag: str


@cache
def names() -> frozenset[str]:
    """Return the names of all files that are served, such as "page.css" or "simulations/gates.js"."""
    found = (path for path in FILES.rglob("*") if path.suffix in TYPES and path.is_file())
    return frozenset(path.relative_to(FILES).as_posix() for path in found)


@cache
def static_file(name: str) -> StaticFile:
    """Return a file of `names`."""
    content = (FILES / name).read_bytes()
    etag = hashlib.blake2b(content, digest_size=8).hexdigest()
    return StaticFile(content, TYPES[Path(name).suffix], etag)


def static_url(name: str) -> str:
    """Return the address of a file."""
    return f"/static/{name}?v={static_file(name).etag}"


def serve(request: Request) -> Response:
    """Answer with a file, or with 304 if the browser has it."""
    name = request.path_params["name"]
    if name not in names():
        return refusal(404)
    file = static_file(name)
    # modules import each other by their plain names, which a hash does not cover
    lasting = FOREVER if request.query_params.get("v") == file.etag else "no-cache"
    headers = {"etag": f'"{file.etag}"', "cache-control": lasting}
    if f'"{file.etag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.type, headers=headers)


routes = [Route("/static/{name:path}", serve)]
