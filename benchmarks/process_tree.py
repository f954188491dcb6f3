"""Running a command and measuring its time, the memory of its process tree, and leftover processes.

Linux only, because it reads /proc.
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
MEMORY_SAMPLE = 5  # memory is read in every fifth sample, because that is slower
_TICKS = os.sysconf("SC_CLK_TCK")
DYING_SECONDS = 2.0  # time for the kernel to remove killed processes


class CommandRun(Struct, frozen=True):
    """Measurements of one run of a command."""

    seconds: float  # wall time
    cpu: float  # CPU seconds of all processes; less affected by other load than wall time
    peak_pss: float  # memory of all processes in MB; shared memory is counted once
    peak_rss: float  # memory of the largest process in MB
    peak_processes: int
    left_running: tuple[str, ...]  # command lines of processes that were still running after it
    output: str
    load: float  # load average of the machine at the start


def run(
    command: Sequence[str | Path], cwd: Path, environment: Mapping[str, str], ok: Sequence[int] = (0,)
) -> CommandRun:
    """Run a command to its end. If its exit code is not in `ok`, exit with its output."""
    processes.adopt_orphans()  # so that they become children of this process and are found
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
        sys.exit(f"{' '.join(map(str, command))} failed:\n{output[-3000:]}{errors[-3000:]}")
    left_running = tuple(_end_leftovers())
    # getrusage misses processes that nobody waited for, such as workers; sampling misses short-lived ones
    cpu = max(_cpu_seconds() - used, peak.cpu)
    return CommandRun(seconds, cpu, peak.pss, peak.rss, peak.processes, left_running, output, load)


def _cpu_seconds() -> float:
    """Return the CPU seconds of all ended children that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Peak:
    """Peak values of a process tree over all samples."""

    def __init__(self) -> None:
        self.pss = self.rss = 0.0
        self.processes = 0
        self._used: dict[tuple[int, int], float] = {}

    @property
    def cpu(self) -> float:
        """CPU seconds of all sampled processes, up to the last sample of each."""
        return sum(self._used.values())

    def sample_cpu(self, root: int) -> None:
        """Update the number of processes and their CPU seconds."""
        tree = _tree(root)
        self.processes = max(self.processes, len(tree))
        for process in tree:
            self._used[process.pid, process.start] = process.cpu

    def sample_memory(self, root: int) -> None:
        """Update the peaks of memory."""
        sizes = [_memory(process.pid) for process in _tree(root)]
        self.pss = max(self.pss, sum(pss for pss, _ in sizes))
        self.rss = max([self.rss, *(rss for _, rss in sizes)])  # `sizes` is empty if the command has ended


@contextlib.contextmanager
def _watched(root: int) -> Iterator[_Peak]:
    """Sample a process tree in a thread while the context is open."""
    peak, over = _Peak(), threading.Event()

    def watch() -> None:
        number = 0
        while not over.wait(SAMPLE_SECONDS):
            number += 1
            peak.sample_cpu(root)
            if number % MEMORY_SAMPLE == 0:
                peak.sample_memory(root)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


class _Process(Struct, frozen=True):
    """The fields of /proc/PID/stat that are needed here."""

    pid: int
    parent: int
    start: int  # start time in ticks; distinguishes processes that had the same number
    cpu: float  # seconds


def _processes() -> Iterator[_Process]:
    """Yield all running processes of the machine, without zombies."""
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - five times a second
        with contextlib.suppress(OSError):
            fields = Path("/proc", name, "stat").read_text(errors="replace").rpartition(")")[2].split()
            if fields[0] != "Z":
                ticks = int(fields[11]) + int(fields[12])
                yield _Process(int(name), int(fields[1]), int(fields[19]), ticks / _TICKS)


def _tree(root: int) -> list[_Process]:
    """Return a process and its descendants; an empty list if it has ended."""
    children: dict[int, list[_Process]] = {}
    tree = []
    for process in _processes():
        children.setdefault(process.parent, []).append(process)
        if process.pid == root:
            tree.append(process)
    for ancestor in tree:  # the list grows during the loop
        tree += children.get(ancestor.pid, [])
    return tree


def _memory(pid: int) -> tuple[float, float]:
    """Return PSS and RSS of a process in MB; RSS for both if PSS may not be read."""
    try:
        rss = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0, 0.0
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) * 1024 / 1e6, rss
    return rss, rss


def _end_leftovers() -> Iterator[str]:
    """Kill the processes that still run below this one; yield their command lines."""
    end = time.monotonic() + DYING_SECONDS
    while (leftovers := _tree(os.getpid())[1:]) and time.monotonic() < end:
        time.sleep(0.1)
    for pid in (process.pid for process in leftovers):
        with contextlib.suppress(OSError):
            yield Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")[:100] or str(
                pid
            )
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
