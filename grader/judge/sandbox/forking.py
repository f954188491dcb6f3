"""Workers forked by a zygote, which has imported everything once (Linux)."""

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
from grader.judge import processes
from grader.judge.confinement import Confinement
from grader.judge.environment_variables import worker_variables
from grader.judge.sandbox.pipe import Pipe
from grader.judge.sandbox.sources import Setting, Worker, Workers
from grader.judge.sandbox.walls import HOME, Wall
from grader.judge.wire.control import ALIVE, FORK, FORKED, READY, SHARE, SPARE, WALLED

START_SECONDS = 120.0  # importing TensorFlow from a cold disk
END_SECONDS = 10.0


class ZygoteFailed(EnvironmentProblem):
    """The zygote did not get ready, twice."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"no process can be started for your code: {reason} — `course doctor` says more")


class _Forking:
    """A control socket of a zygote, and the spare worker that was forked at its other end."""

    def __init__(self, confinement: Confinement) -> None:
        self.confinement = confinement
        self._spare: Worker | None = None
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether the zygote still answers.

        What kills a zygote kills its workers in the same moment, so one that
        answers after a worker has ended has not taken it along.
        """
        with self._lock:
            return self._answers()

    def _answers(self) -> bool:
        if not self._ready:
            return True  # nothing was started from it yet
        try:
            self._control.sendall(ALIVE)
            return self._control.recv(1) == ALIVE
        except OSError:
            return False

    def _renew(self) -> None:
        """Replace a zygote that has died, or that refuses. Raises ZygoteFailed."""
        raise NotImplementedError

    def _listen(self, control: socket.socket) -> None:
        control.settimeout(START_SECONDS)
        self._control, self._ready = control, False

    def start(self) -> Worker:
        """Fork a worker. Raises ZygoteFailed if that cannot be done, twice."""
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

    def prepare(self) -> None:
        with self._lock, contextlib.suppress(OSError, ZygoteFailed):
            if self._spare is None:
                self._spare = self._fork(SPARE)

    def close(self) -> None:
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
        return "the process that starts others has ended"

    def _fork(self, word: bytes) -> Worker:
        if not self._ready:
            self._expect(READY)
            self._ready = True
        ours, theirs = socket.socketpair()
        reading, lifeline = os.pipe()
        try:
            socket.send_fds(self._control, [word], [theirs.fileno(), reading])
            self._expect(FORKED)
        except (OSError, ZygoteFailed):
            ours.close()
            os.close(lifeline)
            raise
        finally:
            theirs.close()
            os.close(reading)
        return _ForkedWorker(ours, lifeline)


class Zygote(_Forking):
    """Imports once and forks; begins to import as soon as it is made. One that has died is replaced."""

    def __init__(self, setting: Setting, wall: Wall) -> None:
        """Raises ZygoteFailed if this machine refuses the walls; that shows before anything is imported."""
        super().__init__(wall.confinement)
        self._setting = setting
        self._wall = wall
        self._begin()

    def _begin(self) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        self._log = Path(self._scratch.name) / "log"
        ours, theirs = socket.socketpair()
        home = HOME if self._wall.mode != "open" else self._scratch.name
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
        """Of the process that holds the zygote, in this process's namespace."""
        return self._process.pid

    def share(self) -> Workers:
        """Return a source for another judge. Raises ZygoteFailed."""
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
            return _SharedZygote(self.confinement, ours)

    def _renew(self) -> None:
        self._end()
        self._begin()

    def _last_words(self) -> str:
        self._process.kill()
        self._process.wait()
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _end(self) -> None:
        super()._end()
        self._process.kill()  # bubblewrap takes everything inside along
        self._process.wait()
        processes.unregister_worker(self._process.pid)
        processes.kill_orphans()
        self._scratch.cleanup()


class _SharedZygote(_Forking):
    """The zygote of another process, which alone can replace it."""

    def __init__(self, confinement: Confinement, control: socket.socket) -> None:
        super().__init__(confinement)
        self._listen(control)

    def prepare(self) -> None:
        """Do nothing: where several judges work there is no idle time, and what is warmed up costs more."""

    def share(self) -> Workers:
        raise NotImplementedError("it is shared already")

    def _renew(self) -> None:
        raise ZygoteFailed(self._last_words())


class _ForkedWorker:
    def __init__(self, connection: socket.socket, lifeline: int) -> None:
        self._lifeline = lifeline
        with connection:  # the files keep it open
            self.pipe = Pipe(connection.makefile("wb"), connection.makefile("rb"))

    def end(self) -> None:
        self.pipe.close()
        os.close(self._lifeline)
        self.pipe.wait_for_silence(END_SECONDS)
        processes.kill_orphans()

    release = end
