"""Run a command: how long it takes, how much memory its whole process tree holds, and what it leaves behind.

Linux only: it reads /proc.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from grader.judge import processes

SAMPLE_SECONDS = 0.2
MEMORY_SAMPLE = 5  # one in so many, for it takes longer
_TICKS = os.sysconf("SC_CLK_TCK")
DYING_SECONDS = 2.0  # that the kernel may take to clear away what was killed


class Ran(Struct, frozen=True):
    """How a command went."""

    seconds: float
    cpu: float  # seconds of all its processes together: a busy machine changes them little
    peak_pss: float  # of all its processes together, in MB; memory that they share is counted once
    peak_rss: float  # of the largest process, in MB
    peak_processes: int
    left_running: tuple[str, ...]  # processes that were still there after it
    output: str
    load: float  # of the machine, when it began


def run(
    command: Sequence[str | Path], cwd: Path, environment: Mapping[str, str], ok: Sequence[int] = (0,)
) -> Ran:
    """Run it to its end; exit with what it has said if its exit code is another."""
    processes.adopt()  # whatever loses its parent becomes a child of this process, and is seen
    load, began, used = os.getloadavg()[0], time.perf_counter(), _cpu_seconds()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        with _watched(process.pid) as peak:
            output, errors = process.communicate()
        seconds = time.perf_counter() - began
    if process.returncode not in ok:
        sys.exit(f"{' '.join(map(str, command))} has failed:\n{output[-3000:]}{errors[-3000:]}")
    left = tuple(_left())
    # who is not waited for, as the workers of a judge, is only seen; who is quickly over is not seen
    cpu = max(_cpu_seconds() - used, peak.cpu)
    return Ran(seconds, cpu, peak.pss, peak.rss, peak.processes, left, output, load)


def _cpu_seconds() -> float:
    """Return what all processes have used that were started here, have ended, and were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Peak:
    """What is seen of a process tree."""

    def __init__(self) -> None:
        self.pss = self.rss = 0.0
        self.processes = 0
        self._used: dict[tuple[int, int], float] = {}

    @property
    def cpu(self) -> float:
        """CPU seconds of all processes that were seen; of each its last moment is missing."""
        return sum(self._used.values())

    def look(self, root: int, at_memory: bool) -> None:
        seen = _tree(root)
        self.processes = max(self.processes, len(seen))
        for process in seen:
            self._used[process.pid, process.start] = process.cpu
        if at_memory:
            both = [_memory(process.pid) for process in seen]
            self.pss = max(self.pss, sum(pss for pss, _ in both))
            self.rss = max([self.rss, *(rss for _, rss in both)])  # it may have ended just now


@contextlib.contextmanager
def _watched(root: int) -> Iterator[_Peak]:
    peak, over = _Peak(), threading.Event()

    def watch() -> None:
        number = 0
        while not over.wait(SAMPLE_SECONDS):
            number += 1
            peak.look(root, at_memory=number % MEMORY_SAMPLE == 0)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


class _Process(Struct, frozen=True):
    """One line of /proc/PID/stat."""

    pid: int
    parent: int
    start: int  # tells apart two processes that had the same number
    cpu: float


def _processes() -> Iterator[_Process]:
    """Yield all that run."""
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - five times a second
        with contextlib.suppress(OSError):
            fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                ticks = int(fields[11]) + int(fields[12])
                yield _Process(int(name), int(fields[1]), int(fields[19]), ticks / _TICKS)


def _tree(root: int) -> list[_Process]:
    """Return a process, if it still runs, and all below it."""
    children: dict[int, list[_Process]] = {}
    found = []
    for process in _processes():
        children.setdefault(process.parent, []).append(process)
        if process.pid == root:
            found.append(process)
    for known in found:  # grows on the way
        found += children.get(known.pid, [])
    return found


def _memory(pid: int) -> tuple[float, float]:
    """Return PSS and RSS in MB; of another user's process, whose PSS nobody may read, RSS for both."""
    try:
        rss = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0, 0.0
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) * 1024 / 1e6, rss
    return rss, rss


def _left() -> Iterator[str]:
    """Yield what still runs below this process, and end it."""
    end = time.monotonic() + DYING_SECONDS
    while (left := _tree(os.getpid())[1:]) and time.monotonic() < end:
        time.sleep(0.1)
    for pid in (process.pid for process in left):
        with contextlib.suppress(OSError):
            yield Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")[:100] or str(pid)
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
