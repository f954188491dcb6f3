"""The directory of a worker, where there are no walls that give each worker an empty one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def make_home(name: str) -> Path:
    """Make a directory that only this user may enter, in the working directory of the zygote."""
    home = Path.cwd() / name
    home.mkdir(mode=0o700)
    return home


def move_into(home: Path) -> None:
    """Make a directory the working directory and home of this process."""
    os.chdir(home)
    os.environ |= dict.fromkeys(("HOME", "TMPDIR"), str(home))
    tempfile.tempdir = str(home)  # an import may have looked at TMPDIR before
