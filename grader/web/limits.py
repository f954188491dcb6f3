"""Bounds on what a browser can send: the size of a body, the time it takes, and the rate of requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from urllib.parse import parse_qs

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.web.access import CSRF, READING, is_own_form
from grader.web.refusals import refusal
from grader.web.settings import Settings

MAX_FIELDS = 200
FORM = "application/x-www-form-urlencoded"


class Bucket(Struct):
    """Requests that someone has left: it refills steadily up to a limit."""

    left: float
    at: float


class Rates:
    """Counts requests per learner."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = settings.rate
        self._burst = settings.burst
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def allows(self, learner: str) -> bool:
        """Count one request; return False if it is one too many."""
        now = self._clock()
        bucket = self._buckets.setdefault(learner, Bucket(float(self._burst), now))
        bucket.left = min(float(self._burst), bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True


class Bodies:
    """Reads the whole body before the inner application sees the request, and checks a form's token.

    The form's fields are then in `scope["state"]["form"]`.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._rates = Rates(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the inner application, or refuse."""
        state = scope["state"]
        if state["learner"] is not None and not self._rates.allows(state["learner"].id):
            await refusal(429)(scope, receive, send)
            return
        if scope["method"] in READING:
            await self._app(scope, receive, send)
            return
        body = await self._body(Headers(scope=scope), receive)
        if isinstance(body, int):
            await refusal(body)(scope, receive, send)
            return
        form = fields(Headers(scope=scope), body)
        if form is None:
            await refusal(400)(scope, receive, send)
            return
        shown = form.get(CSRF, [Headers(scope=scope).get("x-csrf", "")])[0]
        if not is_own_form(shown, state["csrf"]):
            await refusal(403)(scope, receive, send)
            return
        state["form"] = form
        await self._app(scope, _replay(body, receive), send)

    async def _body(self, headers: Headers, receive: Receive) -> bytes | int:
        """Return the body, or the status of a refusal."""
        limit = self._settings.max_body
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or len(declared) > 12 or int(declared) > limit:
            return 413
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return 400
                    parts.append(message.get("body", b""))
                    if sum(map(len, parts)) > limit:
                        return 413
                    more = message.get("more_body", False)
        except TimeoutError:
            return 408
        return b"".join(parts)


def fields(headers: Headers, body: bytes) -> dict[str, list[str]] | None:
    """Return the fields of a form, or None if it is none that a browser sends for us."""
    if not body:
        return {}
    if headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return None
    try:
        text = body.decode("utf-8")
        return parse_qs(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        return None


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body, then waits as the original does."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
