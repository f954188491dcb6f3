"""Workers that are new Python processes. They start slowly but work on every platform."""

from __future__ import annotations

import subprocess
import sys
import tempfile

from grader.judge import processes
from grader.judge.confinement import Confinement
from grader.judge.environment_variables import worker_variables
from grader.judge.sandbox.pipe import Pipe
from grader.judge.sandbox.sources import Setting, Worker, Workers
from grader.judge.wire.control import CpuUse


class PlainWorkers:
    """A source that starts a new Python process for each worker."""

    confinement = Confinement.NONE

    alive = True

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def start(self) -> Worker:
        """Start a worker. Raises OSError."""
        return _PlainWorker(self._setting)

    def prepare(self, idle: bool = False) -> None:
        """Do nothing."""

    def share(self) -> Workers:
        """Return this source, which any process can use."""
        return self

    def close(self) -> None:
        """Do nothing."""


class _PlainWorker:
    """A worker in its own Python process. It ends when the thread that created it ends."""

    def __init__(self, setting: Setting) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        command = [sys.executable, "-P", "-m", "grader.judge.worker", str(setting.memory), *setting.modules]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch.name,
            env=worker_variables(self._scratch.name, setting.fonts),
            start_new_session=True,
        )
        processes.register_worker(self._process.pid)
        assert self._process.stdin is not None and self._process.stdout is not None
        self.pipe = Pipe(self._process.stdin, self._process.stdout)

    def cpu_since(self, began: float) -> CpuUse | None:
        return None

    def end(self) -> None:
        self.pipe.close()
        processes.kill_group(self._process)
        processes.unregister_worker(self._process.pid)
        processes.kill_orphans()
        self._scratch.cleanup()

    release = end
