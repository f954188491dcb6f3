"""Notice when files of a course are saved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grader.content.course import PARTS, Course

Stamps = frozenset[tuple[Path, int, int]]  # path, time of the last change in ns, size in bytes


def saves(course: Course, stop: threading.Event, seen: Stamps) -> Iterator[None]:
    """Yield after each save in a course, until `stop` is set. Saves at the same moment count once.

    `seen` are the stamps of the files from before they were read: a save while watching starts counts, too.
    Directories are watched, because some editors replace the file. They are listed again when there
    is another one: everything else around the course, such as a virtual environment, is not watched.
    """
    from watchfiles import watch

    missed, is_first = False, True
    while not stop.is_set():
        folders = folders_of(course.root)
        noticed = watch(
            *folders,
            watch_filter=lambda _, path: is_content(course.root, Path(path)),
            debounce=200,
            step=50,
            stop_event=stop,
            rust_timeout=1000,
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=False,
        )
        while not stop.is_set():
            try:
                changed = next(noticed, None)
            except FileNotFoundError:  # a directory was deleted before it could be watched
                changed = None
                stop.wait(0.2)
            if changed is None:
                missed = True
                break
            if changed or missed or (is_first and stamps(course.root) != seen):
                yield
            missed = is_first = False
            if folders_of(course.root) != folders:
                missed = True  # a new directory was not watched when its first files were written
                break


def stamps(root: Path) -> Stamps:
    """Return what shows that a file of a course was saved."""
    found = set()
    for folder in folders_of(root):
        with suppress(OSError):  # deleted meanwhile, which the next call shows
            for each in folder.iterdir():
                if is_content(root, each) and each.is_file():
                    stat = each.stat()
                    found.add((each, stat.st_mtime_ns, stat.st_size))
    return frozenset(found)


def folders_of(root: Path) -> list[Path]:
    """Return the directory of a course, and all directories of its parts."""
    inside = (path for part in PARTS for path in (root / part).rglob("*"))
    found = {path for path in (*(root / part for part in PARTS), *inside) if path.is_dir()}
    return sorted({root, *(path for path in found if "__pycache__" not in path.parts)})


def is_content(root: Path, path: Path) -> bool:
    """Return True if a path is one of the course's own files or directories."""
    path, root = path.absolute(), root.absolute()
    parts = path.relative_to(root).parts if path.is_relative_to(root) else ()
    return parts[:1] != () and parts[0] in PARTS and "__pycache__" not in parts
