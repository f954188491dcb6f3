"""Instructor and learners at their keyboards: nbgrader's own commands, for each of them in another home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
SERVER = Path(__file__).with_name("nbgrader_server.py")
# what would lead from a home to the user's own settings
STEERING = ("COURSE_", "JUPYTER", "IPYTHON", "NBGRADER", "PYTHON", "XDG_DATA", "XDG_CONFIG")


def environment(home: Path) -> dict[str, str]:
    """Return the environment of somebody whose home this is; what the judge remembers stays where it is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return kept | {
        "HOME": str(home),
        "COURSE_HOME": str(home / "course"),
        "COURSE_WARM": "off",
        "XDG_CACHE_HOME": cache,
        # as in an activated environment: nbgrader starts `alembic` from PATH
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }


def start(home: Path, cwd: Path, *command: str | Path) -> subprocess.Popen[str]:
    """Start a console script of this environment."""
    return subprocess.Popen(
        [BIN / command[0], *map(str, command[1:])],
        cwd=cwd,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def said_by(process: subprocess.Popen[str], seconds: float = 600) -> str:
    """Wait for a command that must succeed; return what it said."""
    out, errors = process.communicate(timeout=seconds)
    assert process.returncode == 0, (out + errors)[-5000:]
    assert "Traceback" not in errors, errors[-5000:]
    return out + errors


KERNEL_ENDS = "zmq.error.ZMQError: Socket operation on non-socket"


class Nbgrader:
    """`nbgrader …`, by the process that has it imported."""

    def __init__(self, place: Path) -> None:
        self._said = place / "said.txt"
        self._server = subprocess.Popen(
            [sys.executable, "-P", SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=place,
        )

    def close(self) -> None:
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(timeout=60)
        self._server.stdout.close()

    def __call__(self, home: Path, cwd: Path, *arguments: str | Path, code: int = 0, **env: str) -> str:
        """Run a command, which must end with this exit code; return what it said."""
        assert self._server.stdin is not None and self._server.stdout is not None
        own = environment(home) | env
        job = [["nbgrader", *map(str, arguments)], str(cwd), own, str(self._said)]
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        ended = self._server.stdout.readline().strip()
        said = self._said.read_text(encoding="utf-8", errors="replace")
        assert ended == str(code), f"{arguments}: {ended}\n{said[-5000:]}"
        # a kernel of plain nbgrader may find its sockets closed when it ends
        assert said.count("Traceback") == said.count(KERNEL_ENDS), said[-5000:]
        return said
