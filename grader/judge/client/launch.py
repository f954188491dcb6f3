"""Start a judge process, and find the directory for its caches."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any, Protocol

import platformdirs

from grader.judge.environment_variables import judge_variables
from grader.private import private_directory

CACHE_REMEDY = "delete it, or set XDG_CACHE_HOME to a directory of your own"


class JudgeProcess(Protocol):
    """A running judge process, as the process that started it sees it."""

    pid: int
    stdin: IO[bytes]
    stdout: IO[bytes]

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends. Raises subprocess.TimeoutExpired."""

    def kill(self) -> None: ...


class JudgeSource(Protocol):
    """Something that starts judge processes, such as a fork server."""

    directory: str  # judges put their scratch directories here

    def start(self, directory: str, stderr: IO[bytes]) -> JudgeProcess:
        """Start a judge with this scratch directory and this stderr. Raises OSError."""


def start_alone(directory: str, stderr: IO[bytes]) -> JudgeProcess:
    """Start a judge process as a child of this one. Raises OSError."""
    process: Any = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.judge.server", directory],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=judge_variables(directory),
        start_new_session=True,  # Ctrl-C reaches the judge as a closed pipe, through us
    )
    started: JudgeProcess = process  # both pipes are there
    return started


def cache_dir() -> Path:
    """Return this user's private directory for caches, whose content may be deleted at any time.

    Raises EnvironmentProblem if others could write there, because what is in it decides verdicts.
    """
    path = Path(platformdirs.user_cache_dir("course"))
    if not _can_be_written(path):
        user = os.getuid() if hasattr(os, "getuid") else 0
        path = Path(tempfile.gettempdir()) / f"course-cache-{user}"
    return private_directory(path, CACHE_REMEDY)


def _can_be_written(path: Path) -> bool:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        return True  # something else is in the way, which the user should know
    except OSError:
        return False
    return os.access(path, os.W_OK)
