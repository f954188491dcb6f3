"""What a session needs to run a submission: a worker, and a source of workers."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from grader.judge.confinement import Confinement
from grader.judge.sandbox.pipe import Pipe


class Setting(Struct, frozen=True):
    """What all workers of one kind have in common."""

    modules: tuple[str, ...]  # imported before the submission
    memory: int  # bytes
    fonts: str  # the directory of matplotlib's list of fonts, which workers may read; or ""
    hidden: tuple[str, ...]  # directories that a confined worker must not see


class Worker(Protocol):
    """A running worker."""

    pipe: Pipe

    def end(self) -> None:
        """End the process with all it started, and delete its scratch directory."""

    def release(self) -> None:
        """Do without it from now on: it ends, unless it can serve another session."""


class WorkerSource(Protocol):
    """What a session needs."""

    @property
    def alive(self) -> bool:
        """False if the workers started last may have died with their source, through no fault of theirs."""

    def start(self) -> Worker: ...


class Workers(WorkerSource, Protocol):
    """A source of workers of one kind."""

    confinement: Confinement

    def prepare(self) -> None:
        """Have a worker at hand for the next `start`, if that makes it faster."""

    def share(self) -> Workers:
        """Return a source for another judge, which is about to be forked from this process."""

    def close(self) -> None: ...
