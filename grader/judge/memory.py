"""The memory that is free on this machine, or in this container."""

from __future__ import annotations

from pathlib import Path


def free_memory() -> int | None:
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
