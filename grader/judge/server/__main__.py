"""`python -m grader.judge.server DIRECTORY`: run a judge process, which creates and deletes DIRECTORY."""

from __future__ import annotations

import sys

from grader.judge import scratch
from grader.judge.server.job_runner import JobRunner
from grader.judge.server.serve import serve

if __name__ == "__main__":
    scratch.make_own(sys.argv[1])
    serve(JobRunner())
