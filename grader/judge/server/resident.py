"""`python -m grader.judge.server.resident DIRECTORY SOCKET JOB`: fork warm judges for one user (Linux only).

JOB is a sample of the jobs to come and determines which modules are imported. The process then
listens on SOCKET, in a directory that only this user may enter, for the words of
`grader.judge.resident`. It gives each client a judge process of its own, so nothing of one check can
reach the next. A spare judge is forked in advance: it has judged the reference solution, and waits.

The process ends when nobody has asked for some minutes, when memory is short, when its socket or its
zygote is gone, or when it is asked to. Like a fork server it runs no TensorFlow operation.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import NoReturn

import msgspec

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge import scratch
from grader.judge.jobs import Job
from grader.judge.memory import free_memory
from grader.judge.resident import JUDGE, MAX_WORD, STATUS, STOP, Status, is_of_this_user, lock_of
from grader.judge.server.fork_server import be_judge
from grader.judge.server.job_runner import JobRunner
from grader.judge.submission import read_submission

LEAST_FREE = 500_000_000  # bytes of memory; with less it makes room
_POLL_SECONDS = 5.0
# seconds; how often to look whether the last check is over, because a spare must not slow it down
_SPARE_AFTER = 0.3
_SPARE_ANYWAY = 10.0  # seconds after the last request: a judge of `course watch` stays for hours


def main() -> None:
    """Serve until it is time to end."""
    directory, path, idle, sample = sys.argv[1:]
    scratch.make_own(directory)
    job = msgspec.json.decode(sample, type=Job)
    runner = JobRunner()
    server = _Server(Path(path), float(idle), job, runner)
    signal.signal(signal.SIGTERM, lambda *_: server.end())
    with contextlib.suppress(CourseError):  # the judges will report the error
        runner.begin(job)
    try:
        server.run()
    finally:
        server.end()


class _Server:
    """The loop that hands out judges."""

    def __init__(self, path: Path, idle_seconds: float, job: Job, runner: JobRunner) -> None:
        self._path, self._idle_seconds, self._job, self._runner = path, idle_seconds, job, runner
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._judges: set[int] = set()
        self._spare: _Spare | None = None
        self._asked = self._used = time.monotonic()
        self._file: os.stat_result | None = None  # of the socket, once it is there

    def run(self) -> None:
        """Answer requests until it is time to end."""
        self._listen()
        while True:
            wait = _POLL_SECONDS if self._spare else _SPARE_AFTER
            ready = select.select([self._listening], [], [], wait)[0]
            self._judges = {pid for pid in self._judges if _is_running(pid)}
            if not self._runner.alive:
                return
            if ready:
                connection, _ = self._listening.accept()
                with connection:
                    if self._answer(connection) == STOP:
                        return
            if self._is_over():
                return
            if self._spare is None and not ready and self._may_fork_spare():
                self._spare = _Spare(self._runner, self._job, [self._listening])

    def _listen(self) -> None:
        """Bind the socket under another name, so that nobody finds it before it is ready."""
        new = self._path.with_suffix(".new")
        for old in (new, self._path):
            old.unlink(missing_ok=True)
        self._listening.bind(str(new))
        self._listening.listen(8)
        new.rename(self._path)
        self._file = self._path.stat()

    def _may_fork_spare(self) -> bool:
        return not self._judges or time.monotonic() - self._asked > _SPARE_ANYWAY

    def _is_over(self) -> bool:
        if self._judges:
            self._used = time.monotonic()
            return False
        free = free_memory()
        if time.monotonic() - self._used > self._idle_seconds or (free and free.size < LEAST_FREE):
            return True
        try:
            return self._file is None or not os.path.samestat(self._path.stat(), self._file)
        except OSError:
            return True  # the directory went at logout

    def _answer(self, connection: socket.socket) -> bytes:
        """Answer one client. Return its word."""
        connection.settimeout(1.0)
        descriptors: list[int] = []
        try:
            if not is_of_this_user(connection):
                return b""
            request, descriptors, _, _ = socket.recv_fds(connection, MAX_WORD, 3)
            word, rest = request[:1], request[1:]
            if word == JUDGE and len(descriptors) == 3:
                self._asked = self._used = time.monotonic()
                self._give_judge(connection, rest.decode(), descriptors)
            elif word == STATUS:
                seconds = time.monotonic() - self._used
                status = Status(os.getpid(), self._job.course, seconds, self._idle_seconds)
                connection.send(msgspec.json.encode(status))
            elif word == STOP:
                connection.send(STOP)
            return word
        except (OSError, UnicodeDecodeError):
            return b""  # the client is gone
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _give_judge(self, connection: socket.socket, directory: str, descriptors: list[int]) -> None:
        spare, self._spare = self._spare, None
        pid = spare.hand_over(directory, descriptors) if spare is not None else None
        if pid is None:
            shared = self._runner.share()
            pid = os.fork()
            if pid == 0:
                connection.close()
                self._listening.close()
                be_judge(shared, directory, descriptors, idles=True)
        self._judges.add(pid)
        pidfd = os.pidfd_open(pid)
        try:
            socket.send_fds(connection, [str(pid).encode()], [pidfd])
        finally:
            os.close(pidfd)

    def end(self) -> NoReturn:
        """End with all that is not judging. Judges at work end when their clients go."""
        with contextlib.suppress(OSError):
            if self._file is None or os.path.samestat(self._path.stat(), self._file):
                self._path.unlink(missing_ok=True)
                lock_of(self._path).unlink(missing_ok=True)
        if self._spare is not None:
            self._spare.end()
        for pid in self._judges:
            with contextlib.suppress(OSError):
                os.waitpid(pid, 0)
        self._runner.close()
        scratch.delete_own()
        os._exit(0)


class _Spare:
    """A judge that was forked in advance. It judges the reference solution, then waits for a client."""

    def __init__(self, runner: JobRunner, job: Job, close: list[socket.socket]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        shared = runner.share()
        self.pid = os.fork()
        if self.pid == 0:
            for each in (self._control, *close):
                each.close()
            _warm_up_and_wait(shared, job, theirs)
        theirs.close()

    def hand_over(self, directory: str, descriptors: list[int]) -> int | None:
        """Give it a client's directory and descriptors. Return its process id, or None if it has died."""
        try:
            with self._control:
                socket.send_fds(self._control, [directory.encode()], descriptors)
        except OSError:
            self.end()
            return None
        return self.pid

    def end(self) -> None:
        self._control.close()
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(self.pid, 0)


def _warm_up_and_wait(runner: JobRunner, job: Job, control: socket.socket) -> NoReturn:
    """Be a spare judge. Never returns."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        scratch.make_own(scratch.choose())

        def ignore(_: object) -> None:
            pass

        with contextlib.suppress(CourseError, OSError):
            runner.run(_with_solution(job), ignore, ignore, ignore, ignore)
            runner.prepare(idle=True)
        request, descriptors, _, _ = socket.recv_fds(control, MAX_WORD, 3)
        control.close()
        scratch.delete_own()
        if request:
            be_judge(runner, request.decode(), descriptors, idles=True)
    finally:
        os._exit(1)


def _with_solution(job: Job) -> Job:
    """Return the job with the reference solution as its submission. Raises CourseError."""
    solution = read_submission(Course(Path(job.course)).exercise_dir(job.exercise) / "solution.py")
    return msgspec.structs.replace(job, name="solution.py", cells=solution.cells)


def _is_running(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except OSError:
        return False


if __name__ == "__main__":
    main()
