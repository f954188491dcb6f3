"""The worker process, which runs learner code. It has no tests, no answers and no scores."""
