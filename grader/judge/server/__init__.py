"""The judge process. It runs the tests and calls learner code in workers, but never imports it."""
