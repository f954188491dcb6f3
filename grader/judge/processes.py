"""The end of processes, and of those that learner code detached from its worker (these on Linux only).

A child with a session of its own survives the end of the worker's process
group. The judge therefore adopts what its workers leave behind, and ends it.
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


def adopt() -> None:
    """Become the parent of whatever this process's descendants leave behind."""
    global _adopting
    if sys.platform == "linux":
        _adopting = ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


class Leader(Protocol):
    """A process that leads a session of its own."""

    pid: int

    def wait(self) -> int: ...

    def kill(self) -> None: ...


def kill_group(process: Leader) -> None:
    """Kill a process with all of its group, and bury it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def know(worker: int) -> None:
    """Remember a process that is not an orphan."""
    _workers.add(worker)


def forget(worker: int) -> None:
    _workers.discard(worker)


def end_all() -> None:
    """Kill every adopted process, and what these leave behind in their turn."""
    while _adopting and (pids := _children() - _workers):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children() -> set[int]:
    found: set[int] = set()
    for children in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # that thread has just ended; its children are another's now
            found |= set(map(int, children.read_text().split()))
    return found
