"""The attempts log, and the progress derived from it.

`AttemptLog` stores attempts and never changes or deletes one. Pure functions
compute everything else from the attempts.
"""
