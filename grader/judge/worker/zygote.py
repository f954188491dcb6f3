"""`python -m grader.judge.worker.zygote`: import once, then fork a worker for each submission.

The control socket is stdin. A request for a worker is one word with two
descriptors: the worker's end of its pipe, and one end of a lifeline. If the worker
has a control group, two more follow: the files to enter it, and to read its events.
The worker ends when the judge closes the lifeline or dies. On the lifeline, the judge
can ask for CPU time. Another word brings a control socket for another judge.
`grader.judge.wire.control` defines the words.

No TensorFlow operation ever runs in this process. A single operation would start
threads, and every child forked after that would hang (measured with TensorFlow
2.21). The number of threads is checked before each fork.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import socket
import sys
from pathlib import Path

from grader.judge.preload import preload
from grader.judge.wire import messages as m
from grader.judge.wire.control import ALIVE, FORKED, READY, SHARE, SINCE, SPARE, USED, WALLED
from grader.judge.worker import home as home_directory
from grader.judge.worker import namespaces, other_user
from grader.judge.worker.family import CpuHistory, Family
from grader.judge.worker.lifetime import become_first_oom_victim
from grader.judge.worker.limits import counts_per_namespace, few_processes
from grader.judge.worker.serve import serve
from grader.judge.worker.warm_up import warm_up

_NOBODY = 65534
_DROPPED = "dropped"  # the mode without walls where each worker is another user
_WALLED = ("nobody", "user")  # the modes with walls
_POLL_SECONDS = 0.1  # a process can fill a few hundred MB in this time
_PR_SET_DUMPABLE = 4


def main() -> None:
    """Run the zygote.

    The command-line arguments are the mode ("nobody", "user", "dropped" or "open"), the
    memory limit of a worker in bytes, and the modules to import.
    """
    mode, memory, *modules = sys.argv[1:]
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if mode == "nobody":
        _become_nobody()
    if mode in _WALLED:
        _try_walls()
    if mode == _DROPPED:
        other_user.check()
    control.send(WALLED)
    preload(modules)
    threads = _threads()
    control.send(READY)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the supervisors
    judges = [control]
    while control in judges:
        for judge in select.select(judges, [], [])[0]:
            request, descriptors = _request(judge)
            if not request:
                judges.remove(judge)
                judge.close()
                continue
            if request == ALIVE:
                with contextlib.suppress(OSError):  # that judge has ended in the meantime
                    judge.send(ALIVE)
                continue
            if request == SHARE:
                judges.append(socket.socket(fileno=descriptors.pop()))
                judges[-1].send(READY)
                continue
            if _threads() > threads:  # fewer is fine, because OpenBLAS ends its threads before a fork
                raise SystemExit("an operation ran in the zygote, so its children would hang")
            user = other_user.free_user() if mode == _DROPPED else None
            if os.fork() == 0:
                for each in judges:
                    each.close()
                _supervise(descriptors, mode, user, int(memory), request)
            for descriptor in descriptors:
                os.close(descriptor)
            with contextlib.suppress(OSError):  # that judge has ended in the meantime
                judge.send(FORKED)


def _request(judge: socket.socket) -> tuple[bytes, list[int]]:
    """Return a judge's word and its descriptors, or an empty word if the judge has ended."""
    try:
        request, descriptors, _, _ = socket.recv_fds(judge, 1, 4)
    except OSError:
        return b"", []
    return request, descriptors


def _threads() -> int:
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def _become_nobody() -> None:
    """Switch to the user "nobody". The limit on processes does not apply to root."""
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    # the switch gave this process's /proc files to root, but the id maps are written there
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)


def _try_walls() -> None:
    """Build the walls once in a child process, so that a refusal shows before any submission.

    Raises SystemExit with the reason.
    """
    reading, writing = os.pipe()
    if os.fork() == 0:
        code = 1
        try:
            namespaces.enter()
            if (inner := os.fork()) == 0:
                _wall_in_or_report(writing)
            code = os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1])
        except OSError as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(code)
    _, status = os.wait()
    os.close(writing)
    with os.fdopen(reading, "rb") as reason:
        if status != 0:
            raise SystemExit(reason.read().decode() or "the walls cannot be built")


def _wall_in_or_report(writing: int) -> None:
    code = 1
    try:
        namespaces.wall_in()
        code = 0
    except OSError as error:
        os.write(writing, str(error).encode())
    finally:
        os._exit(code)


def _supervise(descriptors: list[int], mode: str, user: int | None, memory: int, request: bytes) -> None:
    """Fork a worker and end it when it is too large or the judge closes the lifeline. Never returns.

    `user` is the id of the worker's user, or None for this process's own. `memory` is the limit in
    bytes; `request` is FORK or SPARE.
    """
    home = None
    try:
        pipe, lifeline, *group = descriptors
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        become_first_oom_victim()
        family = Family()
        if mode in _WALLED:
            namespaces.enter()
        if user is not None:
            home = other_user.make_home(user)
        elif mode not in _WALLED:
            home = home_directory.make_home(f"worker-{os.getpid()}")
        worker = os.fork()
        if worker == 0:
            if group:
                os.write(group[0], b"0")  # moves this process into the group
            if user is not None and home is not None:
                other_user.become(user, home)
            elif home is not None:
                home_directory.move_into(home)
            _work(pipe, mode, memory, request)
        too_much = _watch(worker, lifeline, memory, family)
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)  # with walls, this also ends all that it started
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        if too_much or (group and _ran_out_of_memory(group[1])):
            error = m.Raised("MemoryError", ("MemoryError", "Exception"), "", None, None, "")
            socket.socket(fileno=pipe).send(m.framed(error), socket.MSG_DONTWAIT)
    finally:
        if user is not None:
            other_user.end_all(user)
        if home is not None:
            shutil.rmtree(home, ignore_errors=True)
        os._exit(0)


def _ran_out_of_memory(events: int) -> bool:
    """Return True if the kernel has ended a process of a group. `events` is its file memory.events."""
    lines = os.pread(events, 4096, 0).decode().splitlines()
    return any(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


def _watch(worker: int, lifeline: int, memory: int, family: Family) -> bool:
    """Wait until a worker has to end, and answer the judge. Return True if it is too large."""
    history, ended = CpuHistory(family, worker), os.pidfd_open(worker)
    while True:
        ready = select.select([lifeline, ended], [], [], _POLL_SECONDS)[0]
        if lifeline in ready:
            question = os.read(lifeline, SINCE.size)
            if len(question) < SINCE.size:
                return False
            with contextlib.suppress(OSError):  # the judge has ended in the meantime
                os.write(lifeline, USED.pack(*history.since(*SINCE.unpack(question))))
        if ended in ready:
            return False
        history.sample()
        if family.uses_more_than(memory, worker):
            return True


def _work(pipe: int, mode: str, memory: int, request: bytes) -> None:
    """Serve one submission. Never returns."""
    try:
        os.setsid()
        if mode in _WALLED:
            namespaces.wall_in()
        os.dup2(pipe, 0)
        os.dup2(pipe, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        alone = mode == _DROPPED or (mode in _WALLED and counts_per_namespace())
        serve(memory, few_processes(alone), warm_up if request == SPARE else lambda: None)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
