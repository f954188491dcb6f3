"""`python -m grader.judge.worker`: started by the judge with a pipe on stdin and stdout."""

import contextlib

from grader.judge.worker.capture import take_over_stdio
from grader.judge.worker.serve import Worker


def limit_resources() -> None:
    """Bound what one worker can take of the machine, where the platform can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
        resource.setrlimit(resource.RLIMIT_FSIZE, (64_000_000, 64_000_000))


if __name__ == "__main__":
    limit_resources()
    Worker(*take_over_stdio()).run()
