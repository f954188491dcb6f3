"""The side that runs learner code. It holds no tests, no answers and no scores."""
