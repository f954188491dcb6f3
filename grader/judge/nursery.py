"""Several judges for one class, forked from a process that has imported everything; Linux only.

Imports take seconds and hundreds of MB. This way they are made once, and once
more in the zygote, from which the workers of all these judges come.

The process is `python -m grader.judge.nursery DIRECTORY JOB`, with a job like those that will come.
No TensorFlow operation runs in it, nor has it threads: a judge forked after that would hang.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge import orphans, scratch
from grader.judge.check import Job, JudgeProcess, alone, cache_dir, clean_environment

if TYPE_CHECKING:
    from grader.judge.judging import Judging

POSSIBLE = sys.platform == "linux" and hasattr(os, "pidfd_open")
_FORK_SECONDS = 180.0  # importing TensorFlow from a cold disk comes before the first


class Nursery:
    """That process, for those who want judges."""

    def __init__(self, course: Course, exercise_id: str) -> None:
        """Start it; most jobs should be about this exercise. Only where this is `POSSIBLE`."""
        self.directory = scratch.choose()  # where judges should have theirs: it is deleted as a whole
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_FORK_SECONDS)
        job = Job(str(course.root.resolve()), exercise_id, "", (), 0, str(cache_dir()))
        with theirs:
            arguments = [self.directory, msgspec.json.encode(job).decode()]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "grader.judge.nursery", *arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=clean_environment(self.directory),
                start_new_session=True,
            )

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, directory: str, stderr: IO[bytes]) -> JudgeProcess:
        """Start a judge that works in this directory; by itself if the nursery cannot. Raises OSError."""
        with self._lock:
            try:
                return self._fork(directory, stderr)
            except OSError:
                pass
        Path(self.directory).mkdir(mode=0o700, exist_ok=True)  # it has gone with the nursery
        return alone(directory, stderr)

    def _fork(self, directory: str, stderr: IO[bytes]) -> JudgeProcess:
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        try:
            ends = [theirs_in, theirs_out, stderr.fileno()]
            socket.send_fds(self._control, [directory.encode()], ends)
            pid, descriptors, _, _ = socket.recv_fds(self._control, 20, 1)
            if not descriptors:
                raise OSError("the nursery has ended")
        except OSError:
            os.close(ours_in)
            os.close(ours_out)
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        return _Forked(int(pid), descriptors[0], os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb"))

    def close(self) -> None:
        """End it; the judges should have been ended before."""
        self._control.close()
        self._process.terminate()  # it may be in the middle of an import
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            orphans.kill_group(self._process)
        scratch.delete(self.directory)  # it may have been killed


def nursery_if_possible(course: Course, exercise_id: str) -> Nursery | None:
    """Return where judges are forked, if they can be; else each has to start by itself."""
    try:
        return Nursery(course, exercise_id) if POSSIBLE else None
    except OSError:
        return None


class _Forked:
    """A judge that is no child of this process."""

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
        orphans.kill_group(self)


def _end(*_: object) -> None:
    """End at once, with the zygote, and leave no file; judges end when nobody asks them any more."""
    scratch.delete_own()
    os._exit(0)


def main() -> None:
    from grader.judge.judging import Judging  # not for those who only want a judge

    signal.signal(signal.SIGTERM, _end)
    directory, asked = sys.argv[1:]
    scratch.make_own(directory)
    job = msgspec.json.decode(asked, type=Job)
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    judging = Judging()
    with contextlib.suppress(CourseError):  # the judges will say it properly
        judging.begin(job)
    judges: set[int] = set()
    while True:
        directory, descriptors = _request(control)
        judges = {pid for pid in judges if os.waitpid(pid, os.WNOHANG) == (0, 0)}
        if not directory:
            break
        shared = judging.share()
        pid = os.fork()
        if pid == 0:
            control.close()
            _be_a_judge(shared, directory, descriptors)
        judges.add(pid)
        ending = os.pidfd_open(pid)
        with contextlib.suppress(OSError):  # then the next request will not come
            socket.send_fds(control, [str(pid).encode()], [ending])
        for descriptor in (*descriptors, ending):
            os.close(descriptor)
    judging.close()
    _end()


def _request(control: socket.socket) -> tuple[str, list[int]]:
    """Return the directory of a judge that is wanted, with its ends; nothing if none will be."""
    try:
        directory, descriptors, _, _ = socket.recv_fds(control, 4096, 3)
    except OSError:
        return "", []
    return directory.decode(), descriptors


def _be_a_judge(judging: Judging, directory: str, descriptors: list[int]) -> None:
    """Never returns."""
    from grader.judge.__main__ import serve

    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
            os.close(descriptor)
        scratch.make_own(directory)
        serve(judging)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
