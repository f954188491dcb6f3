"""Workers forked from a zygote process, which has already imported everything (Linux)."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from grader.errors import EnvironmentProblem
from grader.judge import processes, scratch
from grader.judge.confinement import Confinement
from grader.judge.environment_variables import worker_variables
from grader.judge.sandbox.cgroups import ControlGroup, control_groups
from grader.judge.sandbox.pipe import Pipe
from grader.judge.sandbox.sources import Setting, Worker, Workers
from grader.judge.sandbox.walls import HOME, Wall
from grader.judge.wire.control import ALIVE, FORK, FORKED, READY, SHARE, SINCE, SPARE, USED, WALLED, CpuUse

START_SECONDS = 120.0  # importing TensorFlow from a cold disk
END_SECONDS = 10.0
ANSWER_SECONDS = 5.0  # for a process that has to wait for a processor, too


class ZygoteFailed(EnvironmentProblem):
    """The zygote could not be started, or did not answer twice in a row."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"no process can be started for your code: {reason} — run `course doctor` for details"
        )


class _ForkingSource:
    """A source of workers: a zygote's control socket, and the spare worker forked for later."""

    def __init__(self, confinement: Confinement, memory: int) -> None:
        """`memory` is the limit of a worker in bytes."""
        self.confinement = confinement
        self._memory = memory
        self._groups = control_groups()
        self._spare: Worker | None = None
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Return True if the zygote still answers.

        A zygote that dies takes its workers with it. If it answers after a worker has
        ended, it did not cause that end.
        """
        with self._lock:
            return self._answers()

    def _answers(self) -> bool:
        if not self._ready:
            return True  # no worker was forked from it yet
        try:
            self._control.sendall(ALIVE)
            return self._control.recv(1) == ALIVE
        except OSError:
            return False

    def _renew(self) -> None:
        """Replace a zygote that has died or refuses to fork. Raises ZygoteFailed."""
        raise NotImplementedError

    def _listen(self, control: socket.socket) -> None:
        control.settimeout(START_SECONDS)
        self._control, self._ready = control, False

    def start(self) -> Worker:
        """Fork a worker. Raises ZygoteFailed if this fails even with a new zygote."""
        with self._lock:
            spare, self._spare = self._spare, None
            if spare is not None:
                if self._answers() and not spare.pipe.wait_for_silence(0):
                    return spare
                spare.end()
            try:
                return self._fork(FORK)
            except (OSError, ZygoteFailed):
                self._renew()
                return self._fork(FORK)

    def prepare(self, idle: bool = False) -> None:
        """Fork a spare worker, which warms up until the next `start`."""
        with self._lock, contextlib.suppress(OSError, ZygoteFailed):
            if self._spare is None:
                self._spare = self._fork(SPARE)

    def close(self) -> None:
        """End the spare worker and close the control socket."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._spare is not None:
            self._spare.end()
            self._spare = None
        self._control.close()

    def _expect(self, word: bytes) -> None:
        answer = b""
        with contextlib.suppress(OSError):
            answer = self._control.recv(len(word), socket.MSG_WAITALL)
        if answer != word:
            raise ZygoteFailed(self._last_words())

    def _last_words(self) -> str:
        return "the process that starts workers has ended"

    def _fork(self, word: bytes) -> Worker:
        if not self._ready:
            self._expect(READY)
            self._ready = True
        group = self._groups.make(self._memory) if self._groups else None
        ours, theirs = socket.socketpair()
        lifeline, other_end = socket.socketpair()
        given = [theirs.detach(), other_end.detach()]
        try:
            given += group.open() if group else []
            socket.send_fds(self._control, [word], given)
            self._expect(FORKED)
        except (OSError, ZygoteFailed):
            ours.close()
            lifeline.close()
            if group:
                group.remove()
            raise
        finally:
            for descriptor in given:
                os.close(descriptor)
        return _ForkedWorker(ours, lifeline, group)


class Zygote(_ForkingSource):
    """A zygote of this process. It starts importing when it is created and is replaced if it dies."""

    def __init__(self, setting: Setting, wall: Wall) -> None:
        """Start the process. Raises ZygoteFailed, before any import, if this machine refuses the walls."""
        super().__init__(wall.confinement, setting.memory)
        self._setting = setting
        self._wall = wall
        self._begin()

    def _begin(self) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        if self._wall.mode == "dropped":
            scratch.let_through()
            Path(self._scratch.name).chmod(0o711)
        self._log = Path(self._scratch.name) / "log"
        ours, theirs = socket.socketpair()
        home = HOME if self._wall.confinement.walled else self._scratch.name
        environment = worker_variables(home, self._setting.fonts)
        prefix = self._wall.command(environment, self._setting.hidden, filter(None, [self._setting.fonts]))
        arguments = [self._wall.mode, str(self._setting.memory), *self._setting.modules]
        with theirs, self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*prefix, sys.executable, "-P", "-m", "grader.judge.worker.zygote", *arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self._scratch.name,
                env=environment,
                start_new_session=True,
            )
        processes.register_worker(self._process.pid)
        self._listen(ours)
        try:
            self._expect(WALLED)
        except ZygoteFailed:
            self._end()
            raise

    @property
    def pid(self) -> int:
        """Return the id of the process that contains the zygote, as this process sees it."""
        return self._process.pid

    def _answers(self) -> bool:
        return self._process.poll() is None and super()._answers()

    def share(self) -> Workers:
        """Return a source that uses this zygote, for another judge. Raises ZygoteFailed."""
        with self._lock:
            if self._process.poll() is not None:
                self._renew()
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    socket.send_fds(self._control, [SHARE], [theirs.fileno()])
                except OSError:
                    ours.close()
                    raise ZygoteFailed(self._last_words()) from None
            return _SharedZygote(self.confinement, self._memory, ours)

    def _renew(self) -> None:
        self._end()
        self._begin()

    def _last_words(self) -> str:
        self._process.kill()
        self._process.wait()
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it printed no error"

    def _end(self) -> None:
        super()._end()
        self._process.kill()  # bubblewrap ends everything inside it
        self._process.wait()
        processes.unregister_worker(self._process.pid)
        processes.kill_orphans()
        self._scratch.cleanup()


class _SharedZygote(_ForkingSource):
    """A source that uses the zygote of another process. Only that process can replace it."""

    def __init__(self, confinement: Confinement, memory: int, control: socket.socket) -> None:
        super().__init__(confinement, memory)
        self._listen(control)

    def prepare(self, idle: bool = False) -> None:
        """Do nothing unless `idle`. Where several judges work there is no time to warm up a worker."""
        if idle:
            super().prepare()

    def share(self) -> Workers:
        raise NotImplementedError("the zygote is already shared")

    def _renew(self) -> None:
        raise ZygoteFailed(self._last_words())


class _ForkedWorker:
    """A worker that a zygote forked. Closing its lifeline ends it."""

    def __init__(
        self, connection: socket.socket, lifeline: socket.socket, group: ControlGroup | None
    ) -> None:
        self._lifeline = lifeline
        self._group = group
        lifeline.settimeout(ANSWER_SECONDS)
        with connection:  # the two files keep the connection open
            self.pipe = Pipe(connection.makefile("wb"), connection.makefile("rb"))

    def cpu_since(self, began: float) -> CpuUse | None:
        with contextlib.suppress(OSError):
            self._lifeline.sendall(SINCE.pack(began))
            answer = self._lifeline.recv(USED.size)
            if len(answer) == USED.size:
                return CpuUse(*USED.unpack(answer))
        return None

    def end(self) -> None:
        self.pipe.close()
        self._lifeline.close()
        self.pipe.wait_for_silence(END_SECONDS)
        processes.kill_orphans()
        if self._group:
            self._group.remove()

    release = end
