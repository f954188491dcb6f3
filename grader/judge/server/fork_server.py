"""`python -m grader.judge.server.fork_server DIRECTORY JOB`: fork judges that share imports (Linux only).

JOB is a sample of the jobs to come and determines which modules are imported. The control socket
is stdin. A request is the directory of a new judge, with descriptors for its stdin, stdout and
stderr. The answer is its process id, with a pidfd. The other end is
`grader.judge.client.fork_server`.

This process runs no TensorFlow operation and starts no thread, because a judge forked after that
would hang.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from typing import NoReturn

import msgspec

from grader.errors import CourseError
from grader.judge import scratch
from grader.judge.jobs import Job
from grader.judge.server.job_runner import JobRunner
from grader.judge.server.serve import serve


def _end(*_: object) -> None:
    """Exit at once and delete the directory. The zygote ends too. Judges end when their stdin closes."""
    scratch.delete_own()
    os._exit(0)


def main() -> None:
    """Fork a judge for each request until the control socket closes."""
    signal.signal(signal.SIGTERM, _end)
    directory, sample = sys.argv[1:]
    scratch.make_own(directory)
    job = msgspec.json.decode(sample, type=Job)
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    runner = JobRunner()
    with contextlib.suppress(CourseError):  # the judges will report the error
        runner.begin(job)
    judges: set[int] = set()
    while True:
        directory, descriptors = _request(control)
        judges = {pid for pid in judges if os.waitpid(pid, os.WNOHANG) == (0, 0)}
        if not directory:
            break
        shared = runner.share()
        pid = os.fork()
        if pid == 0:
            control.close()
            be_judge(shared, directory, descriptors)
        judges.add(pid)
        pidfd = os.pidfd_open(pid)
        with contextlib.suppress(OSError):  # the client is gone, so no further request will come
            socket.send_fds(control, [str(pid).encode()], [pidfd])
        for descriptor in (*descriptors, pidfd):
            os.close(descriptor)
    runner.close()
    _end()


def _request(control: socket.socket) -> tuple[str, list[int]]:
    """Return the directory and descriptors of a requested judge, or "" if the control socket is closed."""
    try:
        directory, descriptors, _, _ = socket.recv_fds(control, 4096, 3)
    except OSError:
        return "", []
    return directory.decode(), descriptors


def be_judge(runner: JobRunner, directory: str, descriptors: list[int], idles: bool = False) -> NoReturn:
    """Be a judge on these descriptors for stdin, stdout and stderr, as `serve` is. Never returns."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with contextlib.suppress(PermissionError):  # a spare judge leads its session already
            os.setsid()
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
            os.close(descriptor)
        scratch.make_own(directory)
        serve(runner, idles)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
