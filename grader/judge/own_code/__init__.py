"""Questions about a learner's own code: how keys and wrong options are drawn from runs of that code.

Everything here is pure. `grader.judge.server.own_code` makes the runs.
"""
