"""`python -m grader.judge.worker.zygote`: imports once, then forks a worker for each submission.

The control socket is stdin. Each request carries two descriptors: the worker's
end of its pipe, and the reading end of a lifeline, which ends the worker when
the judge closes it or dies. The answer is one of the words below.

No TensorFlow operation ever runs in this process: a single one starts threads,
and after that every forked child hangs (measured with TensorFlow 2.21). The
number of threads is checked before each fork.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import select
import signal
import socket
import sys
from pathlib import Path

from grader.judge.worker import namespaces
from grader.judge.worker.capture import take_over_stdio
from grader.judge.worker.limits import limit_resources
from grader.judge.worker.serve import Worker

READY, FORKED, TAINTED = b"ready", b"forked", b"tainted"


def main() -> None:
    """Arguments: "confined" or "open", the bytes of memory a worker may use, then modules to import."""
    confined, memory, *modules = sys.argv[1:]
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for module in modules:
        importlib.import_module(module)
    threads = _threads()
    if confined == "confined":
        _try_walls()
    control.send(READY)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the keepers
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 16, 2)
        if not request:
            return
        if _threads() > threads:  # fewer is fine: OpenBLAS ends its own before a fork
            control.send(TAINTED)
            return
        if os.fork() == 0:
            control.close()
            _keep(*descriptors, confined == "confined", int(memory))
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(FORKED)


def _threads() -> int:
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def _try_walls() -> None:
    """Build the walls once in a child, so that a machine that refuses them is known before a submission comes."""
    complaint, answer = os.pipe()
    if os.fork() == 0:
        try:
            namespaces.enter()
            if (inner := os.fork()) == 0:
                namespaces.wall_in()
                os._exit(0)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]))
        except OSError as error:
            os.write(answer, str(error).encode())
            os._exit(1)
    _, status = os.wait()
    os.close(answer)
    if status != 0:
        raise SystemExit(os.read(complaint, 1000).decode() or "the walls cannot be built")
    os.close(complaint)


def _keep(pipe: int, lifeline: int, confined: bool, memory: int) -> None:
    """Fork the worker behind its walls, and end it when the judge lets go of the lifeline. Never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        if confined:
            namespaces.enter()
        worker = os.fork()
        if worker == 0:
            _work(pipe, confined, memory)
        os.close(pipe)
        select.select([lifeline, os.pidfd_open(worker)], [], [])
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)  # the first process of its namespace: all others end with it
        os.waitpid(worker, 0)
    finally:
        os._exit(0)


def _work(pipe: int, confined: bool, memory: int) -> None:
    """Serve one submission. Never returns."""
    try:
        if confined:
            namespaces.wall_in()
        os.setsid()
        os.dup2(pipe, 0)
        os.dup2(pipe, 1)
        namespaces.close_all_but(())
        limit_resources(memory)
        Worker(*take_over_stdio()).run()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
