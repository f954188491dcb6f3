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

from grader.judge import orphans

SAMPLE_SECONDS = 1.0
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
    orphans.adopt()  # whatever loses its parent becomes a child of this process, and is seen
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
    left, used = tuple(_left()), _cpu_seconds() - used
    return Ran(seconds, used, peak["pss"], peak["rss"], int(peak["processes"]), left, output, load)


def _cpu_seconds() -> float:
    """Return what all processes have used that were started here, and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def _watched(root: int) -> Iterator[dict[str, float]]:
    peak, over = dict.fromkeys(("pss", "rss", "processes"), 0.0), threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_SECONDS):
            pids = _tree(root)
            both = [_memory(pid) for pid in pids]
            now = {"pss": sum(pss for pss, _ in both), "rss": max(rss for _, rss in both)}
            for name, value in (now | {"processes": len(pids)}).items():
                peak[name] = max(peak[name], value)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def _tree(root: int) -> list[int]:
    """Return a process and all below it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, rest = path.read_text().split(" ", 1)
            state, parent = rest.rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(pid))
    found = [root]
    for known in found:  # grows on the way
        found += children.get(known, [])
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
    while (pids := _tree(os.getpid())[1:]) and time.monotonic() < end:
        time.sleep(0.1)
    for pid in pids:
        with contextlib.suppress(OSError):
            yield Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")[:100] or str(pid)
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
