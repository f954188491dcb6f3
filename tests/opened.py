"""A running `course open`, and windows of a browser on it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class Opened:
    """A running `course open`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address is not None
        self.address = address[0]
        self.process = process
        parts = urlsplit(self.address)
        self.host, self.token = parts.netloc, parts.query
        self.place = (parts.hostname or "", parts.port or 0)

    def connect(self) -> socket.socket:
        return socket.create_connection(self.place, timeout=10)

    def send(self, request: str) -> str:
        """Send bytes as they are; return the first line of the answer."""
        with self.connect() as connection:
            connection.sendall(request.encode("latin-1"))
            return connection.makefile("rb").readline().decode("latin-1").strip()


@contextmanager
def opening(
    command: str, home: Path, course: Path | None = None, here: Path | None = None, name: str = "open"
) -> Iterator[Opened]:
    """Run `course open` on a course, or on the bundled one, in `here`. Check that Ctrl-C ends it cleanly.

    `name` is the command: "open" or "preview".
    """
    chosen = ["--course", str(course)] if course else []
    arguments = [command, *chosen, name, "--no-browser"]
    environment = {name: value for name, value in os.environ.items() if name != "COURSE_DIR"}
    pipe = subprocess.PIPE
    environment["COURSE_HOME"] = str(home)
    with subprocess.Popen(
        arguments, stdout=pipe, stderr=pipe, text=True, env=environment, cwd=here
    ) as process:
        try:
            yield Opened(process)
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert ("Stopped. Your work is saved." if name == "open" else "Stopped.") in errors
    assert "Traceback" not in errors, errors


@contextmanager
def window(chromium: Any, opened: Opened, **options: Any) -> Iterator[Any]:
    """Give a page of a browser that has been admitted. What its console reports fails the test."""
    context = chromium.new_context(base_url=f"http://{opened.host}", **options)
    page = context.new_page()
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.goto(opened.address)
    yield page
    context.close()
    assert not [text for text in told if "404" not in text]
