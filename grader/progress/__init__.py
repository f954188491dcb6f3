"""The attempts log, and the progress derived from it.

`AttemptLog` stores attempts and never changes one. A reset moves them all to a copy. Pure functions
compute everything else from the attempts.
"""
