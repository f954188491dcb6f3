"""The near end of a fork server, which forks several judges for one class; Linux only.

Imports take seconds and hundreds of MB. With a fork server they are made once for all judges, and
once more in the zygote that all their workers come from. The server process itself is
`grader.judge.server.fork_server`.
"""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import msgspec

from grader.content.course import Course
from grader.judge import processes, scratch
from grader.judge.client.judge import default_seed
from grader.judge.client.launch import JudgeProcess, cache_dir, start_alone
from grader.judge.environment_variables import judge_variables
from grader.judge.jobs import Job

POSSIBLE = sys.platform == "linux" and hasattr(os, "pidfd_open")
_FORK_SECONDS = 180.0  # importing TensorFlow from a cold disk comes before the first


class ForkServer:
    """A fork server process, as a source of judges."""

    def __init__(self, course: Course, exercise_id: str) -> None:
        """Start it; most jobs should be about this exercise. Works only where `POSSIBLE` is true."""
        self.directory = scratch.choose()  # judges put theirs in it, so that all are deleted together
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_FORK_SECONDS)
        job = sample_job(course, exercise_id)
        with theirs:
            arguments = [self.directory, msgspec.json.encode(job).decode()]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "grader.judge.server.fork_server", *arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=judge_variables(self.directory),
                start_new_session=True,
            )

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, directory: str, stderr: IO[bytes]) -> JudgeProcess:
        """Fork a judge with this scratch directory; start it alone if that fails. Raises OSError."""
        with self._lock:
            try:
                return ask_for_judge(self._control, directory.encode(), stderr)
            except OSError:
                pass
        Path(self.directory).mkdir(mode=0o700, exist_ok=True)  # it has gone with the fork server
        return start_alone(directory, stderr)

    def close(self) -> None:
        """End the process. End its judges first."""
        self._control.close()
        self._process.terminate()  # it may be in the middle of an import
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            processes.kill_group(self._process)
        scratch.delete(self.directory)  # it may have been killed


def fork_server_if_possible(course: Course, exercise_id: str) -> ForkServer | None:
    """Return a fork server; None where judges cannot be forked, so that each starts alone."""
    try:
        return ForkServer(course, exercise_id) if POSSIBLE else None
    except OSError:
        return None


def sample_job(course: Course, exercise_id: str) -> Job:
    """Return a job like those to come, from which a server knows what to import.

    Its seed is that of a learner's own checks, whose inputs a spare judge therefore knows.
    """
    seed = default_seed(course, exercise_id)
    return Job(str(course.root.resolve()), exercise_id, "", (), seed, str(cache_dir()))


def ask_for_judge(control: socket.socket, request: bytes, stderr: IO[bytes]) -> JudgeProcess:
    """Send a request with the ends of new pipes, and return the judge that has the other ends.

    Raises OSError if the server does not answer.
    """
    theirs_in, ours_in = os.pipe()
    ours_out, theirs_out = os.pipe()
    try:
        socket.send_fds(control, [request], [theirs_in, theirs_out, stderr.fileno()])
        pid, descriptors, _, _ = socket.recv_fds(control, 20, 1)
        if not descriptors:
            raise OSError("the server has ended")
    except OSError:
        os.close(ours_in)
        os.close(ours_out)
        raise
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    return _Forked(int(pid), descriptors[0], os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb"))


class _Forked:
    """A forked judge, which is not a child of this process."""

    def __init__(self, pid: int, ending: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self._ending: int | None = ending  # a pidfd

    def wait(self, timeout: float | None = None) -> int:
        if self._ending is not None:
            if not select.select([self._ending], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("judge", timeout or 0)
            os.close(self._ending)
            self._ending = None
        return 0

    def kill(self) -> None:
        processes.kill_group(self)
