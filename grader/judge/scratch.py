"""The scratch directory of a judge process.

The parent process chooses the path. The judge creates the directory and deletes it when it
ends, so nothing is left behind even if the parent is killed.
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
    """Create a directory and make it this process's working and temporary directory.

    Raises OSError if it cannot be created or already exists.
    """
    global _own
    _own = Path(directory)
    _own.mkdir(mode=0o700)
    os.chdir(_own)
    tempfile.tempdir = os.environ["TMPDIR"] = os.environ["KERAS_HOME"] = directory


def let_through() -> None:
    """Let other users pass through the scratch directory to their own inside. They cannot list it."""
    if _own is not None:
        _own.chmod(0o711)


def delete_own() -> None:
    """Delete the scratch directory of this process, if it has one."""
    if _own is not None:
        delete(_own)


def delete(directory: str | Path) -> None:
    """Delete a directory if it exists. Retry for up to 2.5 seconds."""
    for _ in range(50):  # a process that is shutting down may still write there
        shutil.rmtree(directory, ignore_errors=True)
        if not Path(directory).exists():
            return
        time.sleep(0.05)
