"""Where the page is served, and what it allows."""

from __future__ import annotations

from msgspec import Struct


class Settings(Struct, frozen=True):
    """Where the page is served, and what it allows."""

    hosts: tuple[str, ...]  # values of the Host header that name this server, such as "127.0.0.1:8000"
    cookie: str  # name of the cookie that admits a browser
    secret: bytes  # signs the tokens of forms
    max_body: int = 512 * 1024  # bytes
    body_seconds: float = 10.0  # to send a body in
    rate: float = 20.0  # requests per second and learner, in the long run
    burst: int = 200  # requests at once
