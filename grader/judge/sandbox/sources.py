"""The interfaces that a session uses to run a submission: workers and sources of workers."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from grader.judge.confinement import Confinement
from grader.judge.sandbox.pipe import Pipe
from grader.judge.wire.control import CpuUse


class Setting(Struct, frozen=True):
    """The settings that all workers of one kind share."""

    modules: tuple[str, ...]  # imported before the submission
    memory: int  # bytes
    fonts: str  # the directory of matplotlib's font list, which workers may read, or ""
    hidden: tuple[str, ...]  # directories hidden from confined workers


class Worker(Protocol):
    """A running worker."""

    pipe: Pipe

    def cpu_since(self, began: float) -> CpuUse | None:
        """Return what was used since a time of the monotonic clock, or None if that is not known."""

    def end(self) -> None:
        """End the process and all that it started, and delete its scratch directory."""

    def release(self) -> None:
        """Give the worker up. It ends unless it can serve another session."""


class WorkerSource(Protocol):
    """A source of workers, as a session uses it."""

    @property
    def alive(self) -> bool:
        """Return False if workers may have died because their source did."""

    def start(self) -> Worker:
        """Return a new worker. Raises EnvironmentProblem or OSError."""


class Workers(WorkerSource, Protocol):
    """A source of workers that all have one setting."""

    confinement: Confinement

    def prepare(self, idle: bool = False) -> None:
        """Prepare a worker for the next `start`, if that makes it faster.

        `idle` says that no other judge works now.
        """

    def share(self) -> Workers:
        """Return a source for another judge that will be forked from this process. Raises CourseError."""

    def close(self) -> None:
        """End the source and the workers that it keeps."""
