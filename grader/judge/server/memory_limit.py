"""The memory limit of a judge: what a submission makes it build must not cost anyone else."""

from __future__ import annotations

import contextlib
import os

MEMORY = 2_000_000_000  # bytes of data; a check with training needs a quarter of it
_PER_CORE = 64_000_000  # bytes, for the threads of TensorFlow and OpenBLAS


def limit_own_memory() -> None:
    """Limit the data of this process, so that an allocation beyond it raises MemoryError (Unix).

    Only the soft limit is set, because workers set limits of their own. Data is limited
    rather than address space, because TensorFlow maps far more than it uses.
    """
    with contextlib.suppress(ImportError):
        import resource

        limit = MEMORY + _PER_CORE * (os.cpu_count() or 1)
        with contextlib.suppress(ValueError, OSError):  # the system has a lower limit, or none at all
            _, hard = resource.getrlimit(resource.RLIMIT_DATA)
            resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
