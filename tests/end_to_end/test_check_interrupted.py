"""`course check`, if interrupted, leaves no processes or files behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from judging import cpu_seconds, descendants, is_running, processes_in, wait_until
from small import RIGHT, write_small_course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

DETACHED = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
"""
BUSY = "while True: pass"


class Busy:
    """A check whose submission never finishes loading."""

    def __init__(self, place: Path, source: str) -> None:
        self.scratch = place / "scratch"
        self.scratch.mkdir()
        (place / "a.py").write_text(RIGHT + source)
        course = write_small_course(place / "course")
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("course"), "--course", course, "check", "exercise-x", "a.py"],
            cwd=place,
            env=os.environ | {"COURSE_HOME": str(place / "home"), "TMPDIR": str(self.scratch)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        # a confined worker cannot report that it runs, but it uses CPU time
        wait_until(lambda: any(cpu_seconds(pid) > 1 for pid in descendants(self.process.pid)), 30)
        self.started = descendants(self.process.pid)

    def assert_gone(self) -> str:
        """Assert that no process or file is left, and return the error output."""
        _, errors = self.process.communicate(timeout=20)
        wait_until(lambda: not any(map(is_running, self.started)))
        wait_until(lambda: not processes_in(self.scratch))
        wait_until(lambda: not list(self.scratch.iterdir()))
        return str(errors)


@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.exhaustive)])
def test_a_killed_check_leaves_nothing(tmp_path: Path, how: signal.Signals) -> None:
    busy = Busy(tmp_path, DETACHED + BUSY)
    assert processes_in(busy.scratch)
    busy.process.send_signal(how)
    assert busy.assert_gone() == ""


def test_ctrl_c_stops_a_check_with_a_one_word_message(tmp_path: Path) -> None:
    busy = Busy(tmp_path, DETACHED + BUSY)
    busy.process.send_signal(signal.SIGINT)
    assert busy.assert_gone().strip() == "Stopped."
    assert busy.process.returncode == 130


def test_a_worker_does_not_outlive_a_killed_judge(tmp_path: Path) -> None:
    """The check starts another judge. A third one finds that the machine can judge the solution."""
    busy = Busy(tmp_path, BUSY)
    children = Path(f"/proc/{busy.process.pid}/task/{busy.process.pid}/children")
    killed = set[str]()
    for _ in range(2):
        wait_until(lambda: bool({*children.read_text().split()} - killed), 30)
        judge = ({*children.read_text().split()} - killed).pop()
        os.kill(int(judge), signal.SIGKILL)
        killed.add(judge)
    busy.assert_gone()
    assert busy.process.returncode == 1
