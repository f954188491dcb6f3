"""Start confined workers from the judge process. Their own code is in `grader.judge.worker`."""
