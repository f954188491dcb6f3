"""Files and directories that no other user of the machine may read or write to.

The judge believes what its caches say: someone who could write there could choose scores.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from grader.errors import EnvironmentProblem

_OF_OTHERS = 0o077
_WRITE_OF_OTHERS = 0o022


def private_directory(path: Path, remedy: str) -> Path:
    """Return the directory at `path`, which only this user may enter; create it if needed.

    A directory of this user that others could read is closed. If they could also write there, it is
    emptied, too, so it must hold only what may be deleted at any time. Raises EnvironmentProblem,
    whose message ends with `remedy`.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = path.lstat()
        if not hasattr(os, "getuid"):
            return path  # on Windows, a new directory belongs to its user
        flaw = _flaw(path, about)
        if not flaw and about.st_mode & _OF_OTHERS:
            path.chmod(0o700)
            if about.st_mode & _WRITE_OF_OTHERS:
                _empty(path)
    except OSError as error:
        flaw = error.strerror or "it cannot be made private"
    if flaw:
        raise EnvironmentProblem(f"{path} is not used as a private directory: {flaw} — {remedy}")
    return path


def open_to_others(path: Path) -> bool:
    """Return True if every user of this machine can read a file. Raises OSError."""
    if not hasattr(os, "getuid"):
        return False  # on Windows, the mode says nothing about other users
    path = path.resolve(strict=True)
    enters = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    return enters and bool(path.stat().st_mode & stat.S_IROTH)


def _flaw(path: Path, about: os.stat_result) -> str:
    """Return why others could choose what is in a directory, or ""."""
    if stat.S_ISLNK(about.st_mode):
        return "it is a link"
    if about.st_uid != os.getuid():
        return "it belongs to another user, who could forge what is in it"
    for parent in path.absolute().parents:
        mode = parent.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            return f"every user can replace what is in {parent}"
    return ""


def _empty(directory: Path) -> None:
    """Delete everything in a directory. Raises OSError if something stays."""
    for path in directory.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
