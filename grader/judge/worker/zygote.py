"""`python -m grader.judge.worker.zygote`: imports once, then forks a worker for each submission.

The control socket is stdin. A request for a worker is one word with two
descriptors: the worker's end of its pipe, and the reading end of a lifeline,
which ends the worker when the judge closes it or dies. With one more word comes
a control socket for another judge. The words are in `words.py`.

No TensorFlow operation ever runs in this process: a single one starts threads,
and after that every forked child hangs (measured with TensorFlow 2.21). The
number of threads is checked before each fork.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import socket
import sys
from pathlib import Path

from grader.judge.preload import preload, warm_up
from grader.judge.wire import messages as m
from grader.judge.wire.control import ALIVE, FORKED, READY, SHARE, SPARE, WALLED
from grader.judge.worker import namespaces
from grader.judge.worker.memory import MemoryMeter, go_first
from grader.judge.worker.serve import serve

_NOBODY = 65534
_LOOK_SECONDS = 0.1  # a process can fill a few hundred MB in that time
_PR_SET_DUMPABLE = 4


def main() -> None:
    """Arguments: "nobody", "user" or "open"; the bytes of memory for a worker; modules to import."""
    mode, memory, *modules = sys.argv[1:]
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if mode == "nobody":
        _become_nobody()
    if mode != "open":
        _try_walls()
    control.send(WALLED)
    preload(modules)
    threads = _threads()
    control.send(READY)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the keepers
    judges = [control]
    while control in judges:
        for judge in select.select(judges, [], [])[0]:
            request, descriptors = _request(judge)
            if not request:
                judges.remove(judge)
                judge.close()
                continue
            if request == ALIVE:
                with contextlib.suppress(OSError):  # that judge has ended meanwhile
                    judge.send(ALIVE)
                continue
            if request == SHARE:
                judges.append(socket.socket(fileno=descriptors.pop()))
                judges[-1].send(READY)
                continue
            if _threads() > threads:  # fewer is fine: OpenBLAS ends its own before a fork
                raise SystemExit("an operation has run in the zygote: its children would hang")
            if os.fork() == 0:
                for each in judges:
                    each.close()
                pipe, lifeline = descriptors
                _keep(pipe, lifeline, mode != "open", int(memory), request == SPARE)
            for descriptor in descriptors:
                os.close(descriptor)
            with contextlib.suppress(OSError):  # that judge has ended meanwhile
                judge.send(FORKED)


def _request(judge: socket.socket) -> tuple[bytes, list[int]]:
    """Return a judge's word with its descriptors; no word if it has ended."""
    try:
        request, descriptors, _, _ = socket.recv_fds(judge, 1, 2)
    except OSError:
        return b"", []
    return request, descriptors


def _threads() -> int:
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def _become_nobody() -> None:
    """Root's processes are exempt from the limit on their number; nobody's are not."""
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    # the change made this process's /proc files root's, but the id maps are written there
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)


def _try_walls() -> None:
    """Build the walls once in a child: a machine that refuses them is known before a submission comes."""
    complaint, answer = os.pipe()
    if os.fork() == 0:
        code = 1
        try:
            namespaces.enter()
            if (inner := os.fork()) == 0:
                _wall_in_or_say(answer)
            code = os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1])
        except OSError as error:
            os.write(answer, str(error).encode())
        finally:
            os._exit(code)
    _, status = os.wait()
    os.close(answer)
    with os.fdopen(complaint, "rb") as said:
        if status != 0:
            raise SystemExit(said.read().decode() or "the walls cannot be built")


def _wall_in_or_say(answer: int) -> None:
    code = 1
    try:
        namespaces.wall_in()
        code = 0
    except OSError as error:
        os.write(answer, str(error).encode())
    finally:
        os._exit(code)


def _keep(pipe: int, lifeline: int, walls: bool, memory: int, warm: bool) -> None:
    """Fork the worker behind its walls, and end it when the judge lets go of the lifeline. Never returns."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        go_first()
        held = MemoryMeter()
        if walls:
            namespaces.enter()
        worker = os.fork()
        if worker == 0:
            _work(pipe, walls, memory, warm)
        ends = [lifeline, os.pidfd_open(worker)]
        too_much = False
        while not too_much and not select.select(ends, [], [], _LOOK_SECONDS)[0]:
            too_much = held.is_over(memory, worker)
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)  # behind walls, all that it started ends with it
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        if too_much:
            error = m.Raised("MemoryError", ("MemoryError", "Exception"), "", None, None, "")
            socket.socket(fileno=pipe).send(m.framed(error), socket.MSG_DONTWAIT)
    finally:
        os._exit(0)


def _work(pipe: int, walls: bool, memory: int, warm: bool) -> None:
    """Serve one submission. Never returns."""
    try:
        os.setsid()
        if walls:
            namespaces.wall_in()
        os.dup2(pipe, 0)
        os.dup2(pipe, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        serve(memory, warm_up if warm else lambda: None)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
