"""What one worker may take of the machine."""

from __future__ import annotations

import contextlib

CPU_SECONDS = 600
FILE_BYTES = 64_000_000
OPEN_FILES = 256
PROCESSES = 512  # threads count; TensorFlow starts a few dozen


def limit_resources(memory: int) -> None:
    """Set the rlimits of this process and its children, where the platform has them. `memory` is in bytes."""
    with contextlib.suppress(ImportError):
        import resource

        wanted = {
            resource.RLIMIT_CORE: 1,  # 0 would still start a program that collects crashes
            resource.RLIMIT_CPU: CPU_SECONDS,
            resource.RLIMIT_FSIZE: FILE_BYTES,
            resource.RLIMIT_NOFILE: OPEN_FILES,
            resource.RLIMIT_NPROC: PROCESSES,
            # data, not address space: TensorFlow maps far more than it uses
            resource.RLIMIT_DATA: memory,
        }
        for which, limit in wanted.items():
            with contextlib.suppress(ValueError, OSError):  # already lower, or not on this platform
                resource.setrlimit(which, (limit, limit))
