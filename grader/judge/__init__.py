"""Code: a submission -> a report.

`check` is the way in. It starts a judge process, which starts a worker process
for the learner's code; the three share no memory, no modules and no files.
"""
