"""The number of judges that this machine can run in parallel."""

from __future__ import annotations

import os
from pathlib import Path

JUDGE_MEMORY = 3_000_000_000  # bytes that one judge needs, its workers included


def sensible_jobs() -> int:
    """Return the number of judges that can work in parallel on this machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    free = _free_memory()
    return max(1, cores if free is None else min(cores, free // JUDGE_MEMORY))


def _free_memory() -> int | None:
    """Return the free memory in bytes; None if the system does not tell."""
    limits: list[int] = []
    try:
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        limits.append(int(lines["MemAvailable"].split()[0]) * 1024)
        group = Path("/sys/fs/cgroup")  # a container may have less than the machine
        limit = (group / "memory.max").read_text().strip()
        if limit != "max":
            limits.append(int(limit) - int((group / "memory.current").read_text()))
    except (OSError, ValueError, LookupError):
        pass
    return min(limits, default=None)
