"""The resource limits of one worker."""

from __future__ import annotations

import contextlib

CPU_SECONDS = 600
FILE_BYTES = 64_000_000
OPEN_FILES = 256
PROCESSES = 512  # threads count; TensorFlow starts a few dozen


def limit_resources(memory: int) -> None:
    """Set the rlimits of this process and its children, if the platform has any. `memory` is in bytes."""
    with contextlib.suppress(ImportError):
        import resource

        limits = {
            resource.RLIMIT_CORE: 1,  # with 0, a crash would still start the system's crash handler
            resource.RLIMIT_CPU: CPU_SECONDS,
            resource.RLIMIT_FSIZE: FILE_BYTES,
            resource.RLIMIT_NOFILE: OPEN_FILES,
            resource.RLIMIT_NPROC: PROCESSES,
            # limits data rather than address space, because TensorFlow maps far more than it uses
            resource.RLIMIT_DATA: memory,
        }
        for which, limit in limits.items():
            with contextlib.suppress(
                ValueError, OSError
            ):  # the limit is lower already or does not exist on this platform
                resource.setrlimit(which, (limit, limit))
