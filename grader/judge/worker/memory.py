"""Measure the memory of a worker together with all of its child processes (Linux).

With only a limit per process, a few hundred processes could fill the machine.
Such a limit also does not count shared memory.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def become_first_oom_victim() -> None:
    """Make the kernel kill this process and its children first when the machine runs out of memory."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


class MemoryMeter:
    """A meter that reads /proc as it is when the meter is created, even if it is mounted over later."""

    def __init__(self) -> None:
        self._proc = os.open("/proc", os.O_RDONLY)

    def is_over(self, limit: int, process: int) -> bool:
        """Return True if a process and its descendants use more than `limit` bytes, not counting files."""
        family = self._family(process)
        # the quick sum counts shared pages once per process, so it is never too small
        return sum(map(self._resident, family)) > limit and sum(map(self._own, family)) > limit

    def _family(self, process: int) -> list[int]:
        pids = [process]
        for pid in pids:  # the list grows during the loop
            with contextlib.suppress(OSError):
                for thread in self._threads(pid):
                    pids += map(int, self._read(f"{pid}/task/{thread}/children").split())
        return pids

    def _resident(self, process: int) -> int:
        with contextlib.suppress(OSError, IndexError):
            return int(self._read(f"{process}/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return 0

    def _own(self, process: int) -> int:
        """Return the bytes of anonymous and shared memory, with shared pages divided among their users.

        The fields are those of smaps_rollup in proc(5).
        """
        try:
            lines = self._read(f"{process}/smaps_rollup").splitlines()
        except PermissionError:  # the process has made itself unreadable
            return self._resident(process)
        except OSError:
            return 0
        shares = (line.split()[1] for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
        return sum(map(int, shares)) * 1024

    def _threads(self, process: int) -> list[str]:
        descriptor = os.open(f"{process}/task", os.O_RDONLY, dir_fd=self._proc)
        try:
            return os.listdir(descriptor)  # noqa: PTH208  (a descriptor is not a path)
        finally:
            os.close(descriptor)

    def _read(self, path: str) -> str:
        with os.fdopen(os.open(path, os.O_RDONLY, dir_fd=self._proc)) as file:
            return file.read()
