"""Grade code: turn a submission into a report.

The client starts a judge process, and the judge starts a worker process for the
learner's code. The three share no memory, no modules and no files.
"""
