"""Who may ask what: the token in the opened address, then a cookie; Host, Origin and the tokens of forms.

A browser runs pages of strangers beside ours, and all of them can send requests to this machine.
`Guard` refuses what does not come from our own pages. It answers before any page does, so no page
can forget it.
"""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.web.identity import Identity
from grader.web.refusals import refusal
from grader.web.settings import Settings

READING = ("GET", "HEAD")
STATIC = "/static/"
CSRF = "csrf"  # the field of a form; scripts send the header X-CSRF instead

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # "no-referrer" would make browsers send `Origin: null` with forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class SafeHeaders:
    """Adds the headers that every response has, refusals and errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the inner application."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, send_safely)


class Guard:
    """Lets through what our own pages, opened by an admitted browser, may have sent."""

    def __init__(self, app: ASGIApp, identity: Identity, settings: Settings) -> None:
        self._app = app
        self._identity = identity
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the inner application, or refuse."""
        if scope["type"] != "http":
            return
        answer = self._answer(scope)
        await (answer or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """Return a refusal, or the cookie of a browser that shows the token; None to let it through."""
        headers = Headers(scope=scope)
        settings = self._settings
        if headers.getlist("host") not in [[host] for host in settings.hosts]:
            return refusal(421)
        if foreign(headers, scope["method"], scope["scheme"]):
            return refusal(403)
        query = parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=50) if _small(scope) else []
        token = dict(query).get("token")
        if token is not None and scope["method"] in READING:
            secret = self._identity.admit(token)
            return self._admitted(scope, query, secret) if secret else refusal(401)
        secret = _cookie(headers, settings.cookie)
        learner = self._identity.who(secret)
        if learner is None and not scope["path"].startswith(STATIC):
            return refusal(401)
        state: dict[str, Any] = scope.setdefault("state", {})
        state.update(learner=learner, csrf=form_token(settings.secret, secret))
        return None

    def _admitted(self, scope: Scope, query: list[tuple[str, str]], secret: str) -> Response:
        """Return a redirect to the same page without the token: it stays out of history and referrers."""
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        path = "/" + quote(scope["path"].lstrip("/\\"))  # "//host" would be another server
        answer = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
        answer.set_cookie(self._settings.cookie, secret, httponly=True, samesite="strict", path="/")
        return answer


def guarded(app: ASGIApp, identity: Identity, settings: Settings) -> ASGIApp:
    """Return an application with what stands before every page."""
    return SafeHeaders(Guard(app, identity, settings))


def foreign(headers: Headers, method: str, scheme: str) -> bool:
    """Return True if another site's page has sent the request."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin != f"{scheme}://{headers.get('host')}":
        return True
    if method in READING:
        # a link may lead here from anywhere; pictures, scripts and frames of other sites may not be ours
        navigates = headers.get("sec-fetch-mode", "navigate") == "navigate"
        framed = headers.get("sec-fetch-dest", "document") not in ("document", "empty")
        return site in ("cross-site", "same-site") and (not navigates or framed)
    return origin is None and site not in ("same-origin", "none")


def form_token(secret: bytes, browser: str) -> str:
    """Return the token that forms of one browser carry."""
    return hmac.new(secret, b"form " + browser.encode(), "sha256").hexdigest()


def is_own_form(shown: str | None, token: str) -> bool:
    """Return True if a form carries the token of this browser."""
    return shown is not None and hmac.compare_digest(shown.encode(), token.encode())


def _small(scope: Scope) -> bool:
    return len(scope["query_string"]) <= 2000


def _cookie(headers: Headers, name: str) -> str:
    """Return the value of a cookie, or "" if there is none, or more than one that differ."""
    try:
        jars = [SimpleCookie(header) for header in headers.getlist("cookie")]
    except CookieError:
        return ""
    found = {jar[name].value for jar in jars if name in jar}
    return found.pop() if len(found) == 1 else ""
