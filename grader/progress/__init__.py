"""The attempts log, and what is derived from it.

`AttemptLog` keeps attempts, and only ever adds to them; everything else is
computed from them by pure functions.
"""
