"""List the files of one learner's directory. Links are followed only inside of it."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from grader.classroom.budget import Budget, too_many_files
from grader.classroom.found_files import File, Found, SkippedFile, Unread
from grader.classroom.names import MAX_PARTS, TOO_DEEP, Parts, is_junk, shown
from grader.classroom.submission_time import time_of_file
from grader.errors import EnvironmentProblem

LEAVES = "a link that leaves the learner's directory"


def entries_of(directory: Path, limit: int) -> list[os.DirEntry[str]] | None:
    """Return what a directory holds, sorted; None if there are more than `limit`. Raises OSError."""
    with os.scandir(directory) as listing:
        entries = [*islice(listing, limit + 1)]
    return None if len(entries) > limit else sorted(entries, key=lambda entry: entry.name)


def files_in(
    root: Path, where: str, budget: Budget, above: Parts = (), left_out: Path | None = None
) -> Iterator[Found]:
    """Yield the files of a learner's directory: first those near the top.

    `root` is resolved. `where` is its path to show, `above` the start of its files' `parts`.
    `left_out` is not searched.
    """
    waiting: deque[tuple[Path, Parts]] = deque([(root, ())])
    while waiting:
        directory, parts = waiting.popleft()
        inside = "/".join((where, *parts))
        try:
            entries = entries_of(directory, max(budget.files, 0))
        except OSError as error:
            problem = f"{inside} cannot be read: {error.strerror} — check its permissions"
            yield Unread(inside, EnvironmentProblem(problem))
            continue
        if entries is None:
            yield Unread(inside, too_many_files(inside))
            continue
        for entry in entries:
            budget.take_file()
            name = shown(entry.name)
            if is_junk((name,)):
                continue
            path = Path(entry.path)
            if not entry.is_dir(follow_symlinks=False):
                yield checked(entry, root, (*above, *parts, name), f"{inside}/{name}", budget)
            elif len(parts) + 1 >= MAX_PARTS:
                yield SkippedFile(f"{inside}/{name}", TOO_DEEP)
            elif path != left_out:
                waiting.append((path, (*parts, name)))


def checked(entry: os.DirEntry[str], root: Path | None, parts: Parts, where: str, budget: Budget) -> Found:
    """Return an entry that is no directory as a file, or why it is left out.

    A link may lead to a file inside `root`; None allows no links.
    """
    target = Path(entry.path)
    time = status = None
    try:
        if entry.is_symlink():
            target = target.resolve(strict=True)
        status = target.lstat()
        kind, time = status.st_mode, time_of_file(status.st_mtime)
    except PermissionError:
        if entry.is_symlink():
            return SkippedFile(where, LEAVES)
        # reading the file raises the error
    except (OSError, RuntimeError):  # a dead link or a loop
        return SkippedFile(where, "a link that leads nowhere")
    else:
        if entry.is_symlink() and (root is None or not target.is_relative_to(root)):
            return SkippedFile(where, LEAVES)
        if stat.S_ISDIR(kind):
            return SkippedFile(where, "a link to a directory")
        if not stat.S_ISREG(kind):
            return SkippedFile(where, "neither a file nor a directory")
    return File(parts, where, lambda: _opened(target, status), budget, time)


def _opened(path: Path, checked: os.stat_result | None) -> IO[bytes]:
    """Open a file. Raises OSError if it, or a directory above it, was replaced since it was checked."""
    file = open(path, "rb", opener=_careful)  # noqa: SIM115  (it is returned)
    if checked is not None and not os.path.samestat(os.fstat(file.fileno()), checked):
        file.close()
        raise OSError(errno.ESTALE, "it was replaced at the same time")
    return file


def _careful(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
