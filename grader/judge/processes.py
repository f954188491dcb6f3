"""End processes, including those that learner code detached from its worker (Linux only).

A child that starts its own session survives when the worker's process group is
killed. The judge therefore becomes the parent of orphaned processes and kills them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Protocol

_PR_SET_CHILD_SUBREAPER = 36

_workers: set[int] = set()
_adopting = False


def adopt_orphans() -> None:
    """Become the parent of processes that this process's descendants orphan. See prctl(2)."""
    global _adopting
    if sys.platform == "linux":
        _adopting = ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


class Leader(Protocol):
    """A process that leads its own session."""

    pid: int

    def wait(self) -> int: ...

    def kill(self) -> None: ...


def kill_group(process: Leader) -> None:
    """Kill a process and its group, then wait for the process to end."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def register_worker(worker: int) -> None:
    """Exempt the process `worker` from `kill_orphans`."""
    _workers.add(worker)


def unregister_worker(worker: int) -> None:
    """Undo `register_worker`."""
    _workers.discard(worker)


def kill_orphans() -> None:
    """Kill every adopted process, and any that become orphans because of it."""
    while _adopting and (pids := _children() - _workers):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children() -> set[int]:
    pids: set[int] = set()
    for children in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has ended, and another one has its children
            pids |= set(map(int, children.read_text().split()))
    return pids
