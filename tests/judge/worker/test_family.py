"""What a family of processes uses is read from /proc."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from grader.judge.worker.family import CpuHistory, Family

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

# the child spins, and the child's child does so, too, and ends
SPINS = """
import os, time
def spin():
    ends = time.process_time() + 0.2
    while time.process_time() < ends: pass
if os.fork() == 0:
    if os.fork() == 0:
        spin()
        os._exit(0)
    os.wait()
    spin()
time.sleep(100)
"""


# each process gets a name that is no UTF-8
UNREADABLE = "open('/proc/self/comm', 'wb').write(bytes([255, 41]))"


@pytest.mark.parametrize("first", ["", UNREADABLE], ids=["", "under an odd name"])
def test_the_cpu_time_of_children_counts_while_they_run_and_after(first: str) -> None:
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", f"{first}\n{SPINS}"], start_new_session=True) as process:
        try:
            history = CpuHistory(Family(), process.pid)
            while history.since(began).cpu < 0.35:  # it is counted in ticks
                assert time.monotonic() < began + 90
                time.sleep(0.05)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_full_descriptors_count_as_memory() -> None:
    family, own = Family(), os.getpid()
    used = next(size for size in range(5 * 10**7, 10**11, 5 * 10**7) if not family.uses_more_than(size, own))
    pairs = [socket.socketpair() for _ in range(100)]
    assert family.uses_more_than(used, own)
    for pair in pairs:
        for end in pair:
            end.close()


@contextmanager
def running(code: str) -> Iterator[int]:
    """Run code in a process that stays. Yield its id when the code has run."""
    then = "\nprint(flush=True)\ntime.sleep(60)\n"
    with subprocess.Popen([sys.executable, "-c", code + then], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process.pid
        finally:
            process.kill()


NAMELESS = """
import ctypes, time
ctypes.CDLL(None).prctl(15, b"\\xff) \\xfe")
while time.process_time() < 0.2: pass
"""
SPARSE = """
import ctypes, mmap, time
size, flags = 2**35, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000
reserve = ctypes.CDLL(None).mmap
reserve.restype = ctypes.c_void_p
reserve.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
start = reserve(None, size, mmap.PROT_READ, flags, -1, 0)
for place in range(0, size, 2**21): ctypes.c_char.from_address(start + place).value
"""


def test_the_cpu_time_of_a_process_whose_name_is_not_text_counts() -> None:
    with running(NAMELESS) as process:
        assert Family().cpu_use(process).cpu >= 0.1


def test_page_tables_count_as_memory() -> None:
    with running(SPARSE) as process:  # 16,384 page tables of 4 kB
        assert Family().uses_more_than(60_000_000, process)
        assert not Family().uses_more_than(120_000_000, process)
