"""Links, pipes and devices in place of a submission file are refused at once with a sentence."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from arena import FUNCTIONS, HIDDEN, HONEST, VISIBLE
from judging import course_command, write_exercise

from grader.errors import CourseError
from grader.judge.submission import MAX_BYTES, read_submission

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (os.mkfifo, "is not a file"),
        (listening, "is not a file"),
        (link("/dev/zero"), "is not a file"),
        (link("/dev/stdin"), "is not a file"),
        (link("/"), "is a directory"),
        (link("nowhere"), "does not exist"),
        (link("a.py"), "does not exist"),
        (link("/proc/self/mem"), "cannot be read"),
        (link("/proc/self/cmdline"), "it contains zero bytes"),
    ],
    ids=["pipe", "socket", "zero", "stdin", "root", "nowhere", "itself", "own memory", "arguments"],
)
def test_a_path_that_is_not_a_file_is_refused_at_once(
    make: Callable[[Path], None], says: str, tmp_path: Path
) -> None:
    make(tmp_path / "a.py")
    with pytest.raises(CourseError, match=says):
        read_submission(tmp_path / "a.py")


def test_a_file_that_never_has_anything_to_read_is_not_waited_for(tmp_path: Path) -> None:
    endless = Path("/proc/kmsg")  # reports itself as a regular, empty file
    if not os.access(endless, os.R_OK):
        pytest.skip("only root can read such a file")
    (tmp_path / "a.py").symlink_to(endless)
    with contextlib.suppress(CourseError):  # without an error, the file held kernel messages
        read_submission(tmp_path / "a.py")


def test_a_file_that_grows_while_it_is_read_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_bytes(b"#" * (MAX_BYTES + 10))
    small = os.stat_result((0o100644, 0, 0, 1, 0, 0, 5, 0, 0, 0))
    monkeypatch.setattr(Path, "stat", lambda self, **_: small)
    with pytest.raises(CourseError, match="larger than 5 MB"):
        read_submission(tmp_path / "a.py")


def test_the_command_does_not_wait_for_a_pipe_and_follows_a_link(tmp_path: Path) -> None:
    course = write_exercise(tmp_path / "course", FUNCTIONS, HONEST, VISIBLE, HIDDEN).root
    os.mkfifo(tmp_path / "pipe.py")
    done = course_command("--course", course, "check", "exercise-x", "pipe.py", cwd=tmp_path)
    assert done.returncode == 2 and "is not a file" in done.stderr
    (tmp_path / "elsewhere.txt").write_text(HONEST)
    (tmp_path / "link.py").symlink_to("elsewhere.txt")
    done = course_command("--course", course, "check", "exercise-x", "link.py", cwd=tmp_path)
    assert done.returncode == 0 and "Score: 4 of 4 points." in done.stdout
