"""The judge process: it runs the tests and calls learner code in workers. It never imports learner code."""
