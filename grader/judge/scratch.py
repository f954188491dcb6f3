"""The directory of a judge process.

Who starts the process chooses the name; the process makes the directory, and deletes it when it ends.
So nothing is left even if the starter is killed at the worst moment.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

_own: Path | None = None


def choose(within: str | None = None) -> str:
    """Return the path of a directory that does not exist yet."""
    return str(Path(within or tempfile.gettempdir(), f"course-judge-{secrets.token_hex(8)}"))


def make_own(directory: str) -> None:
    """Make a directory, which this process then works in and keeps its temporary files in.

    Raises OSError, also if it is there already: somebody else made it.
    """
    global _own
    _own = Path(directory)
    _own.mkdir(mode=0o700)
    os.chdir(_own)
    tempfile.tempdir = os.environ["TMPDIR"] = os.environ["KERAS_HOME"] = directory


def delete_own() -> None:
    """Delete the directory of this process."""
    if _own is not None:
        delete(_own)


def delete(directory: str | Path) -> None:
    """Delete a directory, if it is there."""
    for _ in range(50):  # a process that is ending may still write there
        shutil.rmtree(directory, ignore_errors=True)
        if not Path(directory).exists():
            return
        time.sleep(0.05)
