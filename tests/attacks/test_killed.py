"""Killing any process at any moment leaves no process and no file, and the attempts log stays intact."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from arena import FUNCTIONS, HIDDEN, HONEST, VISIBLE
from corpus import sampled
from judging import descendants, is_running, wait_until, write_exercise

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PROCESSES = 7  # of a check, from the command itself to the worker
# a worker that would outlive its parent, with a child that would too
SLOW = HONEST.replace(
    "return 2 *",
    """
    if os.fork() == 0:
        os.setsid()
        time.sleep(100)
    time.sleep(0.15)
    return 2 *""",
).replace("import numpy", "import os, time\nimport numpy")


class Killed:
    """A check, one of whose processes is killed after a random delay."""

    def __init__(self, course: Path, place: Path, number: int) -> None:
        rng = random.Random(number)
        self.temporary = place / f"temporary-{number}"
        self.temporary.mkdir()
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("course"), "--course", course, "check", "exercise-x", "a.py"],
            cwd=place,
            env=os.environ | {"COURSE_HOME": str(place / "home"), "TMPDIR": str(self.temporary)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        depth = number % PROCESSES  # 0 is the command itself
        seen: set[int] = set()
        deadline = time.monotonic() + 20
        while len(chain := self._chain()) <= depth and self.process.poll() is None:
            seen |= set(chain)
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(rng.uniform(0, 0.4))
        seen |= descendants(self.process.pid)
        chain = self._chain()
        self.hit = len(chain) > depth and self.process.poll() is None
        if self.hit:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chain[depth], signal.SIGKILL)  # safe, because the chain starts with our own child
        _, self.stderr = self.process.communicate(timeout=60)
        self.seen = seen

    def _chain(self) -> list[int]:
        """Return the chain of parents and children.

        It is the command, the judge, bubblewrap twice, the zygote, a supervisor and a worker.
        """
        chain = [self.process.pid]
        while children := self._children(chain[-1]):
            chain.append(children[-1])
        return chain

    @staticmethod
    def _children(pid: int) -> list[int]:
        with contextlib.suppress(OSError):
            lists = Path(f"/proc/{pid}/task").glob("*/children")
            return sorted(int(child) for children in lists for child in children.read_text().split())
        return []

    def assert_gone(self) -> None:
        wait_until(lambda: not any(map(is_running, self.seen)), 30)
        wait_until(lambda: not list(self.temporary.iterdir()), 30)
        assert "Traceback" not in self.stderr


@pytest.mark.parametrize("count", sampled({"each once": PROCESSES, "many": 50}, few=["each once"]))
def test_a_kill_at_any_moment_leaves_nothing(tmp_path: Path, count: int) -> None:
    course = write_exercise(tmp_path / "course", FUNCTIONS, HONEST, VISIBLE, HIDDEN).root
    (tmp_path / "a.py").write_text(SLOW)

    def once(number: int) -> Killed:
        killed = Killed(course, tmp_path, number)
        killed.assert_gone()
        return killed

    with ThreadPoolExecutor(2) as pool:
        kills = list(pool.map(once, range(count)))
    assert sum(killed.hit for killed in kills) > count / 2  # some checks end before the kill
    codes = [killed.process.returncode for killed in kills]
    assert set(codes) <= {0, 1, 3, -signal.SIGKILL}
    with contextlib.closing(sqlite3.connect(tmp_path / "home" / "attempts.sqlite")) as log:
        assert log.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (recorded,) = log.execute("SELECT count(*) FROM attempts").fetchone()
    ended = sum(code in (0, 1) for code in codes)
    assert ended <= recorded <= ended + codes.count(-signal.SIGKILL)
