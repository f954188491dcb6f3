"""A control group for each worker, where this process may make some (Linux, cgroup v2).

A group limits memory, the kernel's included, and the number of processes, and shares the CPU evenly.
The groups lie beside each other in the nearest group around this process in which memory and
processes are counted and groups may be made: root's, or a user's own that systemd has delegated.
The files are those of the kernel's cgroup-v2 documentation.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import time
from functools import cache
from pathlib import Path

_PREFIX = "course-worker-"
_NEEDED = frozenset({"memory", "pids"})
_END_SECONDS = 2.0
_PROCESSES = 512


class ControlGroup:
    """The group of one worker."""

    def __init__(self, directory: Path, memory: int) -> None:
        """Make the group with a memory limit in bytes. Raises OSError."""
        directory.mkdir()
        self.directory = directory
        limits = {
            "memory.max": memory,
            "memory.swap.max": 0,
            "memory.oom.group": 1,
            "pids.max": _PROCESSES,
            "cpu.weight": 100,
        }
        for name, limit in limits.items():
            with contextlib.suppress(OSError):  # without swap or without this controller
                (directory / name).write_text(str(limit))

    def open(self) -> list[int]:
        """Return descriptors of the file that moves a process here, and of the file that counts OOM kills.

        Only who opens them needs the right to use them. Raises OSError.
        """
        entrance = os.open(self.directory / "cgroup.procs", os.O_WRONLY)
        try:
            return [entrance, os.open(self.directory / "memory.events", os.O_RDONLY)]
        except OSError:
            os.close(entrance)
            raise

    def takes_processes(self) -> bool:
        """Return True if this process may move a child process here."""
        entering = ["/bin/sh", "-c", 'echo 0 > "$0"', str(self.directory / "cgroup.procs")]
        return subprocess.run(entering, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def remove(self) -> None:
        """End what is in the group, and remove it."""
        _remove(self.directory)


class ControlGroups:
    """The place where the groups of this process's workers are made."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def make(self, memory: int) -> ControlGroup | None:
        """Return a new group, or None if that fails."""
        name = f"{_PREFIX}{os.getpid()}-{_started(os.getpid())}-{secrets.token_hex(4)}"
        with contextlib.suppress(OSError):
            return ControlGroup(self.place / name, memory)
        return None

    def clean_up(self) -> None:
        """Remove the groups of processes that were killed before they could do so."""
        with contextlib.suppress(OSError):
            for directory in self.place.glob(f"{_PREFIX}*"):
                pid, _, rest = directory.name.removeprefix(_PREFIX).partition("-")
                if pid.isdecimal() and _started(int(pid)) != rest.partition("-")[0]:
                    _remove(directory)


@cache
def control_groups(root: Path = Path("/"), needed: frozenset[str] = _NEEDED) -> ControlGroups | None:
    """Return the place for groups, or None if this process may make none that limit what is needed."""
    for place in _around(root):
        try:
            if needed <= set((place / "cgroup.subtree_control").read_text().split()):
                groups = ControlGroups(place)
                groups.clean_up()
                trial = groups.make(2**30)
                if trial is not None:
                    works = trial.takes_processes()
                    trial.remove()
                    return groups if works else None
        except OSError:
            continue
    return None


def _around(root: Path) -> list[Path]:
    """Return the directories of this process's v2 group and of those around it, innermost first."""
    with contextlib.suppress(OSError, StopIteration, ValueError):
        lines = (root / "proc/self/cgroup").read_text().splitlines()
        own = next(line for line in lines if line.startswith("0::/")).removeprefix("0::/")
        mounts = (line.split() for line in (root / "proc/self/mountinfo").read_text().splitlines())
        mount = next(fields for fields in mounts if fields[fields.index("-") + 1] == "cgroup2")
        top = root / mount[4].lstrip("/")
        inner = top / own
        if ".." not in Path(own).parts and inner.is_dir():
            return [each for each in (inner, *inner.parents) if each.is_relative_to(top)]
    return []


def _started(pid: int) -> str:
    """Return when a process started, in the kernel's ticks, or "" if there is none."""
    with contextlib.suppress(OSError, LookupError):
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[19]
    return ""


def _remove(directory: Path) -> None:
    with contextlib.suppress(OSError):
        (directory / "cgroup.kill").write_text("1")
    ends = time.monotonic() + _END_SECONDS
    while directory.is_dir() and time.monotonic() < ends:
        try:
            directory.rmdir()
        except OSError:  # a process is still ending
            time.sleep(0.005)
