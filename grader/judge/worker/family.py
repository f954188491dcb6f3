"""Read what a worker and all of its child processes use: memory, descriptors and CPU time (Linux).

With only a limit per process, a few hundred processes could fill the machine.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections import deque
from pathlib import Path

from grader.judge.wire.control import CpuUse
from grader.judge.worker.limits import OPEN_FILES

_SAMPLE_SECONDS = 1.0
_SAMPLES = 600
_DEFAULT_BUFFER = 212_992  # bytes of a socket's send buffer, unless the system says otherwise


class Family:
    """A process and its descendants. Reads /proc as it is at first, even if it is mounted over later."""

    def __init__(self) -> None:
        self._proc = os.open("/proc", os.O_RDONLY)
        self._buffer = _socket_buffer()

    def members(self, process: int) -> list[int]:
        """Return the ids of a process and its descendants."""
        pids = [process]
        for pid in pids:  # the list grows during the loop
            with contextlib.suppress(OSError):
                for thread in self._list(f"{pid}/task"):
                    pids += map(int, self._read(f"{pid}/task/{thread}/children").split())
        return pids

    def uses_more_than(self, limit: int, process: int) -> bool:
        """Return True if a process and its descendants use more than `limit` bytes, not counting files.

        Of the kernel's memory, page tables count, and each open descriptor as a full socket.
        """
        members = self.members(process)
        limit -= sum(map(self._descriptors, members)) * self._buffer
        limit -= sum(self._status(pid, "VmPTE") for pid in members)
        # the quick sum counts shared pages once per process, so it is never too small
        return limit < 0 or (
            sum(map(self._resident, members)) > limit and sum(map(self._own, members)) > limit
        )

    def cpu_use(self, process: int) -> CpuUse:
        """Return what a process and its descendants have used so far, ended children included."""
        cpu = waited = 0.0
        for pid in self.members(process):
            with contextlib.suppress(OSError, LookupError, ValueError):
                fields = self._read(f"{pid}/stat").rpartition(")")[2].split()
                cpu += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
                for thread in self._list(f"{pid}/task"):
                    waited += int(self._read(f"{pid}/task/{thread}/schedstat").split()[1]) / 1e9
        return CpuUse(cpu, waited)

    def _descriptors(self, process: int) -> int:
        try:
            return len(self._list(f"{process}/fd"))
        except PermissionError:  # the process has made itself unreadable
            return OPEN_FILES
        except OSError:
            return 0

    def _resident(self, process: int) -> int:
        return self._status(process, "VmRSS")

    def _status(self, process: int, field: str) -> int:
        """Return a size from a process's status, in bytes. It is 0 if the process has ended."""
        with contextlib.suppress(OSError):
            found = re.search(rf"^{field}:\s+(\d+) kB", self._read(f"{process}/status"), re.MULTILINE)
            return int(found[1]) * 1024 if found else 0
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

    def _list(self, path: str) -> list[str]:
        descriptor = os.open(path, os.O_RDONLY, dir_fd=self._proc)
        try:
            return os.listdir(descriptor)  # noqa: PTH208  (a descriptor is not a path)
        finally:
            os.close(descriptor)

    def _read(self, path: str) -> str:
        with os.fdopen(os.open(path, os.O_RDONLY, dir_fd=self._proc), "rb") as file:
            return file.read().decode(errors="replace")  # the process may have any name


class CpuHistory:
    """The CPU use of a worker's family over time, so that the judge need not ask when a call begins."""

    def __init__(self, family: Family, process: int) -> None:
        self._family, self._process = family, process
        self._samples = deque([(time.monotonic(), CpuUse(0.0, 0.0))], maxlen=_SAMPLES)

    def sample(self) -> None:
        """Take a sample if the last one is old."""
        if time.monotonic() - self._samples[-1][0] >= _SAMPLE_SECONDS:
            self._samples.append((time.monotonic(), self._family.cpu_use(self._process)))

    def since(self, began: float) -> CpuUse:
        """Return the use since a time. What was used in the first second after it may not count."""
        now = self._family.cpu_use(self._process)
        before = next((use for at, use in self._samples if at >= began), self._samples[-1][1])
        return CpuUse(max(0.0, now.cpu - before.cpu), max(0.0, now.waited - before.waited))


def _socket_buffer() -> int:
    """Return the bytes that a socket can hold: its buffer, and one message that exceeds it."""
    with contextlib.suppress(OSError, ValueError):
        return int(Path("/proc/sys/net/core/wmem_default").read_text()) * 8 // 5
    return _DEFAULT_BUFFER * 8 // 5
