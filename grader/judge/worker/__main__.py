"""`python -m grader.judge.worker MEMORY [MODULE…]`: a worker by itself, with a pipe on stdin and stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable

from grader.judge import orphans
from grader.judge.worker.capture import take_over_stdio
from grader.judge.worker.limits import limit_resources
from grader.judge.worker.preload import preload
from grader.judge.worker.serve import Worker


def serve(memory: int, before: Callable[[], None] = lambda: None) -> None:
    """Serve one submission on this process's stdin and stdout, until the judge is gone.

    `before` runs when the limits are set and stdout is captured.
    """
    limit_resources(memory)
    pipe_in, pipe_out, printed = take_over_stdio()
    before()
    Worker(pipe_in, pipe_out, printed).run()


if __name__ == "__main__":
    orphans.die_with_parent()
    preload(sys.argv[2:])
    serve(int(sys.argv[1]))
