"""`python -m grader.judge.worker`: started by the judge with a pipe on stdin and stdout."""

import contextlib
import sys

from grader.judge import orphans
from grader.judge.worker.capture import take_over_stdio
from grader.judge.worker.serve import Worker


def limit_resources(memory: int) -> None:
    """Bound what one worker can take of the machine, where the platform can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
        resource.setrlimit(resource.RLIMIT_FSIZE, (64_000_000, 64_000_000))
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


if __name__ == "__main__":
    orphans.die_with_parent()
    limit_resources(int(sys.argv[1]))
    Worker(*take_over_stdio()).run()
