"""How long to wait for a worker on a busy machine.

A time limit is meant for the learner's code, not for what else the machine does. So the CPU time
of the worker and of all that it started counts, and the clock alone does not.
"""

from __future__ import annotations

from grader.judge.wire.control import CpuUse

LONGEST = 4  # times the limit, by the clock
_STEP = 0.25  # the part of a limit after which to look again
_SLEEPS = 0.1  # the part of a limit up to which waiting for a processor explains nothing
_UNCOUNTED = 1.0  # seconds after the beginning whose CPU time may be missing (`CpuHistory`)


def more_seconds(limit: float, elapsed: float, used: CpuUse | None) -> float:
    """Return how much longer to wait before looking again, or 0 if the time is over.

    The time is prolonged by the time for which the worker could have run, but other processes did.
    """
    if used is None or used.cpu >= limit:
        return 0.0
    left = min(limit + used.waited, LONGEST * limit) - elapsed
    return min(left, _STEP * limit) if left > _SLEEPS * limit else 0.0


def is_certain(limit: float, used: CpuUse | None) -> bool:
    """Return True if a worker would also be late on an idle machine: it has used all of its CPU time."""
    all_of_it = max((1 - _SLEEPS) * limit - _UNCOUNTED, limit / 2)
    return used is not None and used.cpu >= all_of_it
