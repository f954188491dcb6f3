"""How much memory a worker and all that it has started hold together (Linux).

A limit on each process alone lets a few hundred of them take the whole machine,
and does not count what processes map to share it.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def go_first() -> None:
    """Have the kernel end this process and its children before all others when memory runs out."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


class MemoryMeter:
    """Looks through the /proc of now, whatever will be mounted over it."""

    def __init__(self) -> None:
        self._proc = os.open("/proc", os.O_RDONLY)

    def is_over(self, limit: int, process: int) -> bool:
        """True if a process and its descendants hold more than `limit` bytes, besides files."""
        family = self._family(process)
        # the quick sum counts shared pages for each process, so it can only be too large
        return sum(map(self._resident, family)) > limit and sum(map(self._own, family)) > limit

    def _family(self, process: int) -> list[int]:
        found = [process]
        for pid in found:  # grows while we go
            with contextlib.suppress(OSError):
                for thread in self._threads(pid):
                    found += map(int, self._read(f"{pid}/task/{thread}/children").split())
        return found

    def _resident(self, process: int) -> int:
        with contextlib.suppress(OSError, IndexError):
            return int(self._read(f"{process}/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return 0

    def _own(self, process: int) -> int:
        """Anonymous and shared memory, of what several processes share the part of one."""
        try:
            lines = self._read(f"{process}/smaps_rollup").splitlines()
        except PermissionError:  # it has made itself unreadable
            return self._resident(process)
        except OSError:
            return 0
        shares = (line.split()[1] for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
        return sum(map(int, shares)) * 1024

    def _threads(self, process: int) -> list[str]:
        descriptor = os.open(f"{process}/task", os.O_RDONLY, dir_fd=self._proc)
        try:
            return os.listdir(descriptor)  # noqa: PTH208  (a descriptor is no path)
        finally:
            os.close(descriptor)

    def _read(self, path: str) -> str:
        with os.fdopen(os.open(path, os.O_RDONLY, dir_fd=self._proc)) as file:
            return file.read()
