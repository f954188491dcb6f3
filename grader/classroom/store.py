"""The output directory of one run: `run.json`, `results.jsonl` and `grades.csv`.

Results are appended as they come, so that a killed run can be resumed. At the
end the file is written again, sorted: it is the same however often the run was
stopped.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO

import msgspec

from grader.classroom.names import is_junk, shown
from grader.classroom.owner import Owner
from grader.classroom.results import RESULTS, RUN, Result, RunRecord, Status
from grader.errors import CourseError, EnvironmentProblem
from grader.files import SYSTEM_FILES, Cell, csv_text, write_whole
from grader.judge.report import total as sum_of

GRADES, LOCK, KEPT = "grades.csv", ".lock", "runs"
FEEDBACK = "feedback.yaml"  # an instructor's sentences, if there are any
SYNC_SECONDS = 1.0  # of work that a power cut may cost
_OF_OWNER = ("name", "number", "login", "sid", "email", "group", "attempt", "time", "late")
_FOREIGN = "name a new or empty directory with --output"
_NEW = "nothing has been written; name another directory with --output"
_HALF_WRITTEN = tuple(f".{name}." for name in (RUN, RESULTS, GRADES))  # left by a run that was killed
_ADVICE = "earlier results are kept; free some space or check the permissions, then continue with --resume"


class Store:
    """Opens the directory for one process. Every method raises EnvironmentProblem if the disk fails."""

    def __init__(self, out: Path) -> None:
        """Raises CourseError if another process uses the directory, or if it holds other files."""
        self.out = out
        self._wrote = False
        self._made: list[Path] = []  # removed again if nothing is written, the innermost first
        self._lines: IO[bytes] | None = None
        self._synced = 0.0
        self._count = 0
        with self._disk(out):
            self._check_ours()
            self._made = [each for each in (out, *out.parents) if not each.exists()]
            try:
                out.mkdir(parents=True, exist_ok=True)
                if not (out / LOCK).exists():
                    self._made.insert(0, out / LOCK)
                self._lock = _locked(out / LOCK)
                self._delete_half_written()  # nobody else writes here while we hold the lock
            except OSError:
                self._clean_up()
                raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            if self._lines is not None:
                self._lines.close()
        if not self._wrote:
            self._clean_up()  # before the lock is released
        self._lock.close()

    @property
    def is_new(self) -> bool:
        """True if the directory holds no results that could be lost."""
        return not any((self.out / name).exists() for name in (RUN, RESULTS, GRADES))

    def _check_ours(self) -> None:
        """Raise CourseError if the directory holds files but no run."""
        if not self.out.exists() or any((self.out / name).exists() for name in (RUN, RESULTS)):
            return
        others = sorted(
            path.name
            for path in self.out.iterdir()
            if path.name not in (LOCK, *SYSTEM_FILES) and not path.name.startswith(_HALF_WRITTEN)
        )
        if others:
            raise CourseError(
                f"{self.out} holds other files ({shown(others[0])}) and no results — {_FOREIGN}"
            )

    def _delete_half_written(self) -> None:
        for path in self.out.iterdir():
            if path.name.startswith(_HALF_WRITTEN):
                path.unlink(missing_ok=True)

    def _clean_up(self) -> None:
        for path in self._made:
            with contextlib.suppress(OSError):
                path.unlink() if path.name == LOCK else path.rmdir()

    def write_run(self, run: RunRecord) -> None:
        self._replace(RUN, msgspec.json.format(msgspec.json.encode(run)) + b"\n")

    def begin(self, kept: Iterable[Result]) -> None:
        """Write a file with these results, and open it for appending."""
        self._replace(RESULTS, b"".join(map(_line, kept)))
        with self._disk(self.out / RESULTS):
            self._lines = (self.out / RESULTS).open("ab")

    def append(self, result: Result) -> None:
        """Add a line. It survives a kill of this process at once, and a power cut within SYNC_SECONDS."""
        assert self._lines is not None
        with self._disk(self.out / RESULTS):
            self._lines.write(_line(result))
            self._lines.flush()
            self._count += 1
            if time.monotonic() - self._synced > SYNC_SECONDS:
                os.fsync(self._lines.fileno())
                self._synced = time.monotonic()

    @property
    def is_finished(self) -> bool:
        """True if the run in the directory came to its end: the table is written last."""
        return (self.out / GRADES).exists()

    def keep_run(self) -> None:
        """Keep the finished run in a directory of its own, before another one takes its place."""
        place = self.out / KEPT / f"{len(kept_runs(self.out)) + 1:03}"
        with self._disk(place):
            place.mkdir(parents=True, exist_ok=True)
            for name in (RUN, RESULTS, GRADES):
                if (self.out / name).exists():
                    write_whole(place / name, (self.out / name).read_bytes(), self._advice)
            (self.out / GRADES).unlink(missing_ok=True)

    def finish(
        self,
        results: Iterable[Result],
        learners: Sequence[str],
        with_raw: bool = False,
        without_work: Mapping[str, Owner | None] = MappingProxyType({}),
    ) -> None:
        """Write the sorted results and the table of grades."""
        results = sorted(results, key=lambda result: (result.learner, result.item))
        self._replace(RESULTS, b"".join(map(_line, results)))
        self._replace(GRADES, table(results, learners, with_raw, without_work).encode())

    def _replace(self, name: str, content: bytes) -> None:
        write_whole(self.out / name, content, self._advice)
        self._wrote = True

    @contextlib.contextmanager
    def _disk(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._refused(path, error) from None

    def _refused(self, path: Path, error: OSError) -> EnvironmentProblem:
        return EnvironmentProblem(f"{path} cannot be written or read: {error.strerror} — {self._advice}")

    @property
    def _advice(self) -> str:
        try:
            return _NEW if self.is_new else _ADVICE
        except OSError:  # the directory cannot be searched
            return _NEW


def _locked(path: Path) -> IO[bytes]:
    while True:
        file = _locked_once(path)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()  # the previous owner has removed the file in the meantime


def _locked_once(path: Path) -> IO[bytes]:
    file = path.open("ab")
    try:
        import fcntl
    except ImportError:  # Windows has no such locks
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise CourseError(
            f"another `course grade` is running in {path.parent} — wait for it, or name another directory "
            "with --output"
        ) from None
    except OSError:
        pass  # a file system without locks
    return file


def _line(result: Result) -> bytes:
    return msgspec.json.encode(result) + b"\n"


def kept_runs(out: Path) -> list[Path]:
    """Return the directories of earlier runs, the first one first. A run is whole if it has its table."""
    numbered = (path for path in (out / KEPT).glob("[0-9]*") if (path / GRADES).exists())
    return sorted(numbered, key=lambda path: (len(path.name), path.name))


def is_of_a_run(directory: Path) -> bool:
    """Return True if a directory holds the files of a run and nothing else, such as a learner's work."""
    try:
        if (
            directory.is_symlink() or not (directory / RUN).is_file()
        ):  # quick, as this is asked of each learner
            return False
        names = {path.name for path in directory.iterdir() if not is_junk((path.name,))}
    except OSError:
        return False
    return {RUN, RESULTS} <= names <= {RUN, RESULTS, GRADES, KEPT, FEEDBACK}


# --- the table of grades ---


def table(
    results: Sequence[Result],
    learners: Sequence[str],
    with_raw: bool = False,
    without_work: Mapping[str, Owner | None] = MappingProxyType({}),
) -> str:
    """Return a row for each learner with a column for each item, the total and the maximum.

    The cell of an item that was not handed in, or is excused, is empty. If an item
    could not be graded, its cell and the total are empty, so that nobody takes it
    for a grade. Excused items are not in the maximum. `with_raw` adds the scores
    before the class file was applied. The last columns hold what a system says of the
    owners, also of those `without_work`.
    """
    items = sorted({result.item for result in results})
    best = {result.item: result.max_score for result in results}
    by_place = {(result.learner, result.item): result for result in results}
    everybody = {**without_work, **{result.learner: result.owner for result in results if result.owner}}
    owners = {learner: owner for learner, owner in everybody.items() if owner is not None}
    known = [
        kind
        for kind in _OF_OWNER
        if any(getattr(owner, kind) not in (None, False, learner) for learner, owner in owners.items())
    ]
    raws = [f"{item} raw" for item in items if with_raw]
    rows: list[list[Cell]] = [["learner", *items, "total", "of", *raws, *known]]
    for learner in learners:
        own = [by_place.get((learner, item)) for item in items]
        there = [result for result in own if result is not None]
        failed = any(not result.counts and not result.excused for result in there)
        scores = [None if r is None or not r.counts else r.score for r in own]
        total = None if failed else sum_of(r.score for r in there if r.counts)
        excused = {result.item for result in there if result.excused}
        of = sum_of(points for item, points in best.items() if item not in excused)
        raw = [None if r is None or not has_verdict(r) else r.raw for r in own if with_raw]
        owner = owners.get(learner)
        about = [None if owner is None else _cell(getattr(owner, kind)) for kind in known]
        rows.append([learner, *scores, total, of, *raw, *about])
    return csv_text(rows)


def has_verdict(result: Result) -> bool:
    """Return True if the raw score is one."""
    return result.status in (Status.GRADED, Status.UNREADABLE)


def _cell(value: str | bool | None) -> Cell:
    return ("late" if value else None) if isinstance(value, bool) else value
