"""`course open` as a command: its address, its errors, and two of them at once."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from opened import opening

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_an_unknown_lesson_is_refused_before_anything_opens(run: Run) -> None:
    done = run("open", "day5", "--no-browser")
    assert done.returncode == 2
    assert "did you mean day4?" in done.stderr
    assert "http" not in done.stdout


def test_a_port_that_is_taken_is_named(run: Run) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        done = run("open", "--no-browser", "--port", str(port))
    assert done.returncode == 3
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "choose another --port" in done.stderr


def test_an_address_of_another_machine_is_refused(run: Run) -> None:
    done = run("open", "--no-browser", "--host", "192.0.2.1")
    assert done.returncode == 3
    assert "choose another --host" in done.stderr


def test_two_at_once_do_not_disturb_each_other(command: str, tiny: Path, home: Path) -> None:
    with opening(command, home, tiny) as one, opening(command, home, tiny) as other:
        assert one.address != other.address
        assert one.token != other.token
        for opened in (one, other):
            request = f"GET /?{opened.token} HTTP/1.1\r\nHost: {opened.host}\r\nConnection: close\r\n\r\n"
            assert opened.send(request) == "HTTP/1.1 303 See Other"


def test_without_the_libraries_the_error_names_the_extra(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'uvicorn' else find(name, *rest)\n"
    )
    done = run("open", "--no-browser", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 3
    assert "pip install 'course-grader[web]'" in done.stderr
