"""Runs nbgrader's commands one after another, each in a process of its own with nbgrader already imported.

Importing nbgrader takes seconds, and a whole course is forty commands. Each line on stdin is a
JSON list: the command line, the directory, the environment, and the file for what it says; the
answer is the exit code. What runs is what the console script `nbgrader` runs.
"""

from __future__ import annotations

import gc
import json
import os
import sys

from nbgrader.apps.nbgraderapp import main


def become(arguments: list[str], directory: str, environment: dict[str, str], said: str) -> None:
    """Make this process what a shell would have started."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(directory)
    out, nothing = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), os.open(os.devnull, os.O_RDONLY)
    for descriptor, source in enumerate((nothing, out, out)):
        os.dup2(source, descriptor)
    sys.argv = arguments


gc.freeze()  # what is imported need not be looked through again and again
while line := sys.stdin.readline():
    child = os.fork()
    if child == 0:
        become(*json.loads(line))
        sys.exit(main())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
