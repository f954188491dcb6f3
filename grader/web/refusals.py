"""Answers to requests that are refused: short plain pages, without anything of the course."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

SENTENCES = {
    400: "This request cannot be read. Go back, reload the page and try again.",
    401: "This browser has not been admitted. Open the address that `course open` prints, with its token.",
    403: "This request does not come from a page of this course. Reload the page and try again.",
    404: "There is no such page. Go back, or start at the course's first page: /",
    405: "This address cannot be used in this way. Go back and use the page's own buttons.",
    408: "The request took too long to arrive. Try again.",
    413: "This is too large. Shorten it and try again.",
    421: "This server has another name. Open the address that `course open` prints.",
    429: "Too many requests. Wait a few seconds and try again.",
}


def refusal(status: int) -> Response:
    """Return a refusal with its sentence."""
    headers = {"retry-after": "2"} if status == 429 else None
    return PlainTextResponse(SENTENCES[status] + "\n", status, headers)
