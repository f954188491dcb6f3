"""Scoring one answer; a sitting of a quiz: state + event -> new state + feedback. Pure.

No clock, no input or output: those above pass in what they know and show what
comes back.
"""
