"""Recognize known mistakes by their behavior. Runs in the judge process, on data only."""
