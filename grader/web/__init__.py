"""The page: the course in a browser, on the same engine, log and verdicts as the terminal.

Needs the extra `web`. Start it with `course open`.
"""
