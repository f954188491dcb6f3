"""Where workers come from. Runs in the judge process; the workers themselves are in `grader.judge.worker`."""
