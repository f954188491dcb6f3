"""Attacks on the socket of a real `course open`: many connections, slow ones, and strange paths."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from opened import Opened, opening
from starlette.responses import PlainTextResponse
from tiny_course import write_course
from uvicorn import Config
from uvicorn.server import ServerState

from grader.web.connections import BoundedConnection


@pytest.fixture(scope="module")
def opened(command: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """`course open` on the small course."""
    root = tmp_path_factory.mktemp("opened")
    with opening(command, root / "home", write_course(root / "tiny")) as opened:
        yield opened


def page(opened: Opened) -> str:
    return opened.send(f"GET /?{opened.token} HTTP/1.1\r\nHost: {opened.host}\r\nConnection: close\r\n\r\n")


def test_the_printed_address_admits(opened: Opened) -> None:
    assert page(opened) == "HTTP/1.1 303 See Other"


def test_only_this_machine_can_connect(opened: Opened) -> None:
    assert opened.place[0] == "127.0.0.1"
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        if not str(address).startswith("127."):
            with pytest.raises(OSError):
                socket.create_connection((address, opened.place[1]), timeout=2).close()


def test_a_thousand_silent_connections_do_not_keep_a_reader_out(opened: Opened) -> None:
    with ExitStack() as stack:
        for _ in range(1000):
            stack.enter_context(opened.connect())
        assert page(opened) == "HTTP/1.1 303 See Other"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../application.py",
        "/static/%2e%2e/application.py",
        "/static/..%2fapplication.py",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fpyproject.toml",
        "/static//etc/passwd",
        "/static/page.css%00.js",
        "/figure/tiny/../lessons/tiny.yaml",
        "/figure/tiny/%2e%2e/tiny.yaml",
        "/figure/tiny/three.svg/../../../quizzes/tiny.yaml",
        "/figure/tiny//etc/passwd",
        "/figure/tiny/..\\tiny.yaml",
    ],
)
def test_no_path_leads_out_of_what_is_served(opened: Opened, path: str) -> None:
    answer = opened.send(f"GET {path} HTTP/1.1\r\nHost: {opened.host}\r\nConnection: close\r\n\r\n")
    assert answer.split()[1] in ("400", "401", "404"), answer


@pytest.mark.parametrize(
    "request_",
    [
        "GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "\x00\x01\x02\r\n\r\n",
        "GET /" + "a" * 70_000 + " HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: {host}\r\n" + "X: y\r\n" * 20_000 + "\r\n",
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_strange_request_is_refused(opened: Opened, request_: str) -> None:
    answer = opened.send(request_.replace("{host}", opened.host))
    assert answer == "" or 400 <= int(answer.split()[1]) < 500, answer
    assert page(opened) == "HTTP/1.1 303 See Other"


class Hasty(BoundedConnection):
    """A connection that does not wait long."""

    header_seconds = 0.2


@pytest.mark.parametrize("drip", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A"])
def test_a_connection_that_sends_no_whole_request_is_closed(drip: bytes) -> None:
    async def closed_by_the_server() -> bytes:
        loop = asyncio.get_running_loop()
        config = Config(PlainTextResponse("hello"), ws="none", log_config=None)
        state = ServerState()
        server = await loop.create_server(lambda: Hasty(config, state, {}), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(drip[:5])
        await asyncio.sleep(0.05)
        writer.write(drip[5:])  # what arrives does not start the clock again
        read = await asyncio.wait_for(reader.read(), 3)
        writer.close()
        server.close()
        while state.connections:
            await asyncio.sleep(0.01)
        return read

    assert asyncio.run(closed_by_the_server()) == b""
