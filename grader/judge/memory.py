"""The memory that is free on this machine, and within the limits of this process's control groups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct


class FreeMemory(Struct, frozen=True):
    """Free bytes. They are `limited` if a control group, such as a container's, leaves less than is free."""

    size: int
    limited: bool


class _Files(Struct, frozen=True):
    """The names of a control group's files, and the line of memory.stat with its cache of files."""

    limits: tuple[str, ...]
    used: str
    cache: str


_V2 = _Files(("memory.max", "memory.high"), "memory.current", "inactive_file")
_V1 = _Files(("memory.limit_in_bytes",), "memory.usage_in_bytes", "total_inactive_file")


def free_memory(root: Path = Path("/")) -> FreeMemory | None:
    """Return the free memory; None if the system does not tell. `root` is another place for its files."""
    machine = _machine(root)
    within = min(_within_groups(root), default=None)
    if within is not None and (machine is None or within < machine):
        return FreeMemory(within, limited=True)
    return None if machine is None else FreeMemory(machine, limited=False)


def _machine(root: Path) -> int | None:
    try:
        text = (root / "proc/meminfo").read_text()
        lines = dict(line.split(":", 1) for line in text.splitlines())
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, ValueError, LookupError):
        return None


def _within_groups(root: Path) -> Iterator[int]:
    """Yield what the limit of each control group of this process leaves."""
    for group, files in _groups(root):
        for limit in files.limits:
            try:
                left = int((group / limit).read_text()) - int((group / files.used).read_text())
                stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
                yield max(0, left + int(stat.get(files.cache, 0)))  # the system gives a cache up at once
            except (OSError, ValueError):  # no limit is "max"
                continue


def _groups(root: Path) -> Iterator[tuple[Path, _Files]]:
    """Yield the directories of this process's groups that count memory, from the innermost outward."""
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
        mounts = (root / "proc/self/mountinfo").read_text().splitlines()
    except OSError:
        return
    own = {names: path for _, names, path in (line.split(":", 2) for line in groups if line.count(":") > 1)}
    for line in mounts:
        mount, _, kind = line.partition(" - ")
        fields, (system, *_, options) = mount.split(), kind.split() or ("", "")
        if system == "cgroup2":
            path, files = own.get(""), _V2
        elif system == "cgroup" and "memory" in options.split(","):
            path, files = next((p for names, p in own.items() if "memory" in names.split(",")), None), _V1
        else:
            continue
        if path is not None and len(fields) > 4:
            yield from ((each, files) for each in _upward(root / fields[4].lstrip("/"), path, fields[3]))


def _upward(mounted: Path, path: str, mounted_root: str) -> Iterator[Path]:
    """Yield the directory of a group, below its mount, and those of the groups around it."""
    inside = PurePosixPath(path)
    if inside.is_relative_to(mounted_root) and ".." not in inside.parts:
        inside = inside.relative_to(mounted_root)
        yield from (mounted / each for each in (inside, *inside.parents))
    else:  # a container that sees only its own group
        yield mounted
