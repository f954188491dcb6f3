"""The server: a socket on this machine, the address with its token, and uvicorn."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from grader.errors import CourseError, EnvironmentProblem

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from grader.content.course import Course
    from grader.tutor.recording import Clock
    from grader.web.author import Author
    from grader.web.workplace import Workplace

LOCAL = ("127.0.0.1", "localhost")


class Listening(Struct, frozen=True):
    """A socket that browsers can already connect to, and the names by which they may ask for it."""

    socket: socket.socket
    hosts: tuple[str, ...]  # the first one is opened
    token: str

    def address(self, path: str = "/") -> str:
        """Return the address to open, with the token."""
        return f"http://{self.hosts[0]}{path}?token={self.token}"


def listen(host: str, port: int) -> Listening:
    """Listen on an address; port 0 is any free port. Raises CourseError, EnvironmentProblem."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise CourseError(f"--host {host} is not an address of this machine: {error.strerror}") from None
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        advice = "choose another --port, or leave it out" if port else "choose another --host"
        raise EnvironmentProblem(f"cannot listen on {host}:{port}: {error.strerror} — {advice}") from None
    return Listening(listener, _hosts(host, listener.getsockname()), os.urandom(24).hex())


def _hosts(host: str, bound: tuple[str, int]) -> tuple[str, ...]:
    """Return the values of the Host header that mean this server."""
    ip, port = ipaddress.ip_address(bound[0].partition("%")[0]), bound[1]
    names: tuple[str, ...]
    if ip.is_unspecified:
        names = (*LOCAL, socket.gethostname())
    elif ip.is_loopback and ip.version == 4:
        names = (str(ip), *LOCAL)
    else:
        names = (f"[{ip}]" if ip.version == 6 else str(ip), *([host] if ":" not in host else []))
    with_port = [f"{name}:{port}" for name in dict.fromkeys(names)]
    return (*with_port, *(dict.fromkeys(names) if port == 80 else ()))


def serve(
    course: Course,
    log: Path,
    clock: Clock,
    listening: Listening,
    ready: Callable[[], None],
    workplace: Workplace | None = None,
    author: Author | None = None,
) -> None:
    """Serve the course until Ctrl-C; call `ready` when requests are answered.

    `workplace` has the learner's files; default: the current directory. `author` is shown what is wrong.
    """
    import asyncio

    from uvicorn import Config, Server

    from grader.web.access import guarded
    from grader.web.connections import BoundedConnection
    from grader.web.identity import OneLearner
    from grader.web.later import Later
    from grader.web.settings import Settings

    settings = Settings(
        hosts=listening.hosts,
        cookie=f"course-{listening.socket.getsockname()[1]}",  # cookies do not know ports
        secret=os.urandom(32),
    )
    identity = OneLearner(listening.token)
    ending = ExitStack()
    if author is not None:
        ending.callback(author.close)

    def pages() -> ASGIApp:
        from grader.web.application import create_pages, warm_up
        from grader.web.site import site_of
        from grader.web.store import OneLog

        site = site_of(course, clock, identity, OneLog(log, clock), settings, workplace, author)
        ending.callback(site.checks.close)
        ending.callback(site.networks.close)
        ending.callback(site.code_questions.close)
        warm_up(site)
        return create_pages(site)

    later = Later(pages)
    config = Config(
        guarded(later, identity, settings),
        loop="asyncio",
        http=BoundedConnection,
        h11_max_incomplete_event_size=32 * 1024,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
    )
    later.begin()
    ready()

    class EndingServer(Server):
        """Ends checks first, so that no browser waits for them."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await asyncio.to_thread(ending.close)
            await super().shutdown(sockets)

    EndingServer(config).run(sockets=[listening.socket])
