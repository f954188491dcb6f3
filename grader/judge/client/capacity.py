"""The number of judges that this machine can run in parallel."""

from __future__ import annotations

import os

from grader.judge.memory import free_memory

JUDGE_MEMORY = 3_000_000_000  # bytes that one judge needs, its workers included


def sensible_jobs() -> int:
    """Return the number of judges that can work in parallel on this machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    free = free_memory()
    return max(1, cores if free is None else min(cores, free.size // JUDGE_MEMORY))
