"""`python -m grader.judge.worker MEMORY [MODULE…]`: a worker by itself, with a pipe on stdin and stdout."""

from __future__ import annotations

import sys

from grader.judge import orphans
from grader.judge.worker.capture import take_over_stdio
from grader.judge.worker.limits import limit_resources
from grader.judge.worker.preload import preload
from grader.judge.worker.serve import Worker


def serve(memory: int) -> None:
    """Serve one submission on this process's stdin and stdout, until the judge is gone."""
    limit_resources(memory)
    Worker(*take_over_stdio()).run()


if __name__ == "__main__":
    orphans.die_with_parent()
    preload(sys.argv[2:])
    serve(int(sys.argv[1]))
