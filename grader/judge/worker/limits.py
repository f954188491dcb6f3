"""The resource limits of one worker."""

from __future__ import annotations

import contextlib
import os

CPU_SECONDS = 1800  # no exercise may have more time; a judge ends most workers long before
FILE_BYTES = 64_000_000
OPEN_FILES = 256
PROCESSES = 512  # threads count; this includes other processes of the same user
_PER_CORE = 8  # TensorFlow and OpenBLAS start about four threads per core
_FIRST_COUNT_PER_NAMESPACE = (5, 14)  # Linux


def few_processes(alone: bool) -> int:
    """Return the number of processes and threads that a worker may have.

    It is `alone` if the system counts no other process: it is a user of its own, or in a user
    namespace of its own.
    """
    return 96 + _PER_CORE * (os.cpu_count() or 1) if alone else PROCESSES


def counts_per_namespace() -> bool:
    """Return True if this Linux limits the processes of each user namespace apart."""
    numbers = os.uname().release.split(".")[:2]
    return all(map(str.isdecimal, numbers)) and tuple(map(int, numbers)) >= _FIRST_COUNT_PER_NAMESPACE


def limit_resources(memory: int, processes: int = PROCESSES) -> None:
    """Set the rlimits of this process and its children, if the platform has any. `memory` is in bytes."""
    with contextlib.suppress(ImportError):
        import resource

        limits = {
            resource.RLIMIT_CORE: 1,  # with 0, a crash would still start the system's crash handler
            resource.RLIMIT_CPU: CPU_SECONDS,
            resource.RLIMIT_FSIZE: FILE_BYTES,
            resource.RLIMIT_NOFILE: OPEN_FILES,
            resource.RLIMIT_NPROC: processes,
            # limits data rather than address space, because TensorFlow maps far more than it uses
            resource.RLIMIT_DATA: memory,
        }
        for which, limit in limits.items():
            with contextlib.suppress(
                ValueError, OSError
            ):  # the limit is lower already or does not exist on this platform
                resource.setrlimit(which, (limit, limit))
