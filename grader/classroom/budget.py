"""The limits of one learner. Every learner has their own, so nobody pays for another's files."""

from __future__ import annotations

import sys

from grader.errors import SubmissionError

MAX_FILES = 50_000  # files and directories, in directories and in zip files
MAX_READ = 1_000_000_000  # bytes that are read
MAX_ZIPS = 200_000_000  # bytes of zip files, which stay in memory while they are read
MAX_REFUSALS = 100  # files that are listed as left out; more are counted
MAX_CODE = 20_000_000  # bytes of decoded code; one emoji makes a text four bytes per character


class Budget:
    """What one learner may still use. Raises SubmissionError where it is used up."""

    def __init__(self) -> None:
        self.files = MAX_FILES
        self.code = 0  # bytes of code that were decoded
        self._read = 0
        self._zips = 0

    @property
    def no_more_code(self) -> bool:
        """True if a file was refused because the code takes too much memory."""
        return self.code > MAX_CODE

    def take_file(self) -> bool:
        """Count a file. Return False if there are too many."""
        self.files -= 1
        return self.files >= 0

    def read(self, where: str, size: int) -> None:
        """Count bytes that were read."""
        self._read += size
        if self._read > MAX_READ:
            raise _too_much(where, MAX_READ, "data")

    def unpack(self, where: str, size: int) -> None:
        """Count a zip file that stays in memory."""
        self._zips += size
        if self._zips > MAX_ZIPS:
            raise _too_much(where, MAX_ZIPS, "zip files")

    def decode(self, where: str, *texts: str) -> None:
        """Count code by the memory that it takes."""
        self.code += sum(map(sys.getsizeof, texts))
        if self.no_more_code:
            raise _too_much(where, MAX_CODE, "code")


def too_many_files(where: str) -> SubmissionError:
    """Return the error for more files than a learner may have."""
    return SubmissionError(f"{where} holds more than {MAX_FILES} files — hand in only your own files")


def _too_much(where: str, limit: int, of: str) -> SubmissionError:
    return SubmissionError(
        f"{where} is one file too many: this learner handed in more than {limit // 1_000_000} MB of {of} — "
        "hand in only the files that count"
    )
