"""Marking answers, and sittings of a quiz: state + event -> new state + feedback.

Everything here is pure: no clock, no input, no output.
"""
