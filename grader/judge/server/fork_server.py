"""`python -m grader.judge.server.fork_server DIRECTORY JOB`: forks judges that share its imports; Linux only.

JOB is a job like those that will come, so that the right modules are imported. The control socket
is stdin: a request is the directory of a new judge, with its stdin, stdout and stderr; the answer
is its process id, with a pidfd. `grader.judge.client.fork_server` is the other end.

This process runs no TensorFlow operation and has no threads: a judge forked after that would hang.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys

import msgspec

from grader.errors import CourseError
from grader.judge import scratch
from grader.judge.jobs import Job
from grader.judge.server.runner import JobRunner
from grader.judge.server.serve import serve


def _end(*_: object) -> None:
    """End at once, with the zygote, and leave no file; judges end when nobody asks them any more."""
    scratch.delete_own()
    os._exit(0)


def main() -> None:
    signal.signal(signal.SIGTERM, _end)
    directory, asked = sys.argv[1:]
    scratch.make_own(directory)
    job = msgspec.json.decode(asked, type=Job)
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    runner = JobRunner()
    with contextlib.suppress(CourseError):  # the judges will say it properly
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
            _be_a_judge(shared, directory, descriptors)
        judges.add(pid)
        ending = os.pidfd_open(pid)
        with contextlib.suppress(OSError):  # then the next request will not come
            socket.send_fds(control, [str(pid).encode()], [ending])
        for descriptor in (*descriptors, ending):
            os.close(descriptor)
    runner.close()
    _end()


def _request(control: socket.socket) -> tuple[str, list[int]]:
    """Return the directory of a judge that is wanted, with its ends; nothing if none will be."""
    try:
        directory, descriptors, _, _ = socket.recv_fds(control, 4096, 3)
    except OSError:
        return "", []
    return directory.decode(), descriptors


def _be_a_judge(runner: JobRunner, directory: str, descriptors: list[int]) -> None:
    """Never returns."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
            os.close(descriptor)
        scratch.make_own(directory)
        serve(runner)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
