"""What a family of processes uses is read from /proc."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

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
    used = next(size for size in range(10**7, 10**11, 10**7) if not family.uses_more_than(size, own))
    pairs = [socket.socketpair() for _ in range(100)]
    assert family.uses_more_than(used, own)
    for pair in pairs:
        for end in pair:
            end.close()
