"""`python -m grader.judge.worker MEMORY [MODULE…]`: run a single worker, whose pipe is stdin and stdout."""

from __future__ import annotations

import sys

from grader.judge.preload import preload
from grader.judge.worker.lifetime import die_with_parent
from grader.judge.worker.serve import serve

if __name__ == "__main__":
    die_with_parent()
    preload(sys.argv[2:])
    serve(int(sys.argv[1]))
