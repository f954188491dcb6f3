"""How soon `course open` answers, beside the import of the libraries that it needs.

    python benchmarks/page.py

Prints the median of some runs: the time from the start of `course open` to the first byte of an answer,
the time of the first page once the server has started, its size, and the time of
`python -c "import starlette, uvicorn, jinja2"`.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 9
STARTED = 1.0  # seconds after which a server has surely started
IMPORTS = "import starlette, uvicorn, jinja2"


def get(place: tuple[str, int], path: str, cookie: str = "") -> tuple[float, bytes]:
    """Return the time of the first byte, and all bytes of the answer."""
    head = f"GET {path} HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\n{cookie}Connection: close\r\n\r\n"
    with socket.create_connection(place) as connection:
        connection.sendall(head.encode())
        file = connection.makefile("rb")
        first = file.read(1)
        return time.perf_counter(), first + file.read()


def opened(home: str, path: str) -> tuple[float, float, int]:
    """Return the seconds to the first byte and those of the first page, and the bytes of that page."""
    command = [str(Path(sys.executable).with_name("course")), "open", "--no-browser"]
    environment = os.environ | {"COURSE_HOME": home}
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        address = re.search(r"http://([\d.]+):(\d+)(/\S+)", process.stdout.readline())
        assert address is not None
        place = (address[1], int(address[2]))
        first, answer = get(place, address[3])
        cookie = re.search(rb"set-cookie: ([^;]+)", answer)
        assert cookie is not None
        time.sleep(STARTED)
        asked = time.perf_counter()
        _, page = get(place, path, f"Cookie: {cookie[1].decode()}\r\n")
        shown = time.perf_counter() - asked
        process.send_signal(signal.SIGINT)
    return first - began, shown, len(page)


def imports() -> float:
    """Return the seconds that Python needs for the libraries."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
    return time.perf_counter() - began


def main() -> None:
    """Print the medians."""
    with tempfile.TemporaryDirectory() as home:
        opened(home, "/")
        imports()
        # in turns, so that both meet the same load
        pairs = [(imports(), opened(home, "/")) for _ in range(RUNS)]
        _, lesson, size = opened(home, "/lesson/day4/4.2")
    base = statistics.median(base for base, _ in pairs)
    first = statistics.median(first for _, (first, _, _) in pairs)
    page = statistics.median(page for _, (_, page, _) in pairs)
    print(f"{IMPORTS}: {base:.3f} s")
    print(f"course open, to the first byte: {first:.3f} s, {first / base:.2f} times that")
    print(f"first page: {page * 1000:.0f} ms, {pairs[0][1][2] / 1000:.0f} kB")
    print(f"a section of the lesson: {lesson * 1000:.0f} ms, {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
