"""The modules among the files of one learner, to be found by those who import them."""

from __future__ import annotations

from functools import partial

from grader.classroom.found_files import File
from grader.classroom.names import Parts
from grader.content.file_names import read_file_name
from grader.judge.helper_files import Find, Read, is_installed

_LIBRARIES = {"site-packages", "dist-packages"}  # in an environment that was handed in along with the work
MAX_MODULES = 2_000  # files that are searched for modules


class Modules:
    """The Python files of one learner. `used` are those that were read as modules."""

    def __init__(self) -> None:
        self.used: list[File] = []
        self._by_path: dict[Parts, File] = {}
        self._by_end: dict[Parts, File] = {}
        self._by_stem: dict[str, File] = {}

    def add(self, file: File) -> None:
        """Add a file. If several could be meant, the first counts; files after MAX_MODULES do not."""
        if not _LIBRARIES.isdisjoint(file.parts) or len(self._by_path) >= MAX_MODULES:
            return
        self._by_path.setdefault(file.parts, file)
        for size in range(1, len(file.parts) + 1):
            self._by_end.setdefault(file.parts[-size:], file)
        for stem in read_file_name(file.name).stems:
            self._by_stem.setdefault(stem, file)

    def beside(self, importer: File) -> Find:
        """Return a search that starts in the directory of a file, and continues in all of the learner's.

        Elsewhere, a file never takes the place of a module that Python has.
        """

        def find(path: str) -> Read | None:
            parts = tuple(path.split("/"))
            found = self._by_path.get((*importer.parts[:-1], *parts))
            if found is None:
                elsewhere = self._by_end.get(parts) or self._changed(parts)
                found = None if elsewhere is None or is_installed(path) else elsewhere
            return None if found is None else partial(self._read, found)

        return find

    def _changed(self, parts: Parts) -> File | None:
        """Return the file whose name a platform has changed from this one, such as tools-1.py."""
        stem = read_file_name(parts[-1]).stems[0]
        return self._by_stem.get(stem) if len(parts) == 1 else None

    def _read(self, file: File) -> bytes:
        self.used.append(file)
        return file.read()
