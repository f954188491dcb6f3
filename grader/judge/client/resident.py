"""The near end of the resident judge server, which keeps this user's checks fast (Linux only).

The server is `grader.judge.server.resident`. It is named by all that a judge depends on: the versions
of package, course and libraries. So after an upgrade or an edit, nobody meets an old one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import msgspec

from grader import __version__
from grader.content.course import PARTS, Course
from grader.errors import EnvironmentProblem
from grader.judge import scratch
from grader.judge.client.blame import OnTest, check_surely
from grader.judge.client.fork_server import POSSIBLE, ask_for_judge, sample_job
from grader.judge.client.judge import Judge
from grader.judge.client.launch import JudgeProcess, cache_dir, start_alone
from grader.judge.client.pool import Task, check_task
from grader.judge.client.slot import JudgeSlot
from grader.judge.environment_variables import judge_variables
from grader.judge.jobs import Again, OnFigure
from grader.judge.memory import free_memory
from grader.judge.networks import TrainedNetwork
from grader.judge.own_questions import OwnQuestion
from grader.judge.report import Report, TestResult
from grader.judge.resident import JUDGE, STATUS, STOP, Status, is_of_this_user, lock_of
from grader.judge.submission import Submission
from grader.private import private_directory

SWITCH = "COURSE_WARM"  # the environment variable: "off", or the minutes to stay without a check
IDLE_MINUTES = 10.0
NEEDED = 3_000_000_000  # bytes of free memory to start a server
_STARTING_SECONDS = 20.0
_ENDING_SECONDS = 5.0
_ANSWER_SECONDS = 30.0
_MAX_PATH = 80  # of the directory; a socket's path may have 107 bytes
_ENDING = ".sock"
_children: list[subprocess.Popen[bytes]] = []  # servers that this process has started


def reason_against() -> str:
    """Return why no resident judge is started here, as the end of a sentence, or ""."""
    if not POSSIBLE:
        return "this system cannot fork judges"
    if _minutes() is None:
        return f"{SWITCH} is off"
    try:
        _directory()
    except EnvironmentProblem as problem:
        return f"there is no private directory for its socket: {problem}"
    free = free_memory()
    if free is not None and free.size < NEEDED:
        needs = f"it needs {NEEDED / 1e9:.0f} GB of free memory"
        if free.limited:  # say so, because the machine itself may have plenty
            return (
                f"{needs}, and the memory limit of this container or session leaves {free.size / 1e9:.1f} GB"
            )
        return f"{needs}, and {free.size / 1e9:.1f} GB are free"
    return ""


class ResidentJudges:
    """A source of judges that the resident server has forked. Without the server, they start alone."""

    def __init__(self, path: Path) -> None:
        self.directory = tempfile.gettempdir()
        self._path = path

    def start(self, directory: str, stderr: IO[bytes]) -> JudgeProcess:
        """Get a judge with this scratch directory; start it alone if that fails. Raises OSError."""
        try:
            with _connected(self._path) as server:
                return ask_for_judge(server, JUDGE + directory.encode(), stderr)
        except OSError:
            return start_alone(directory, stderr)


def resident_judges(course: Course) -> ResidentJudges | None:
    """Return the resident judges for a course, or None if there are none. Wait for a server that starts."""
    path = _socket_of(course) if POSSIBLE and _minutes() is not None else None
    if path is None:
        return None
    ends = time.monotonic() + _STARTING_SECONDS
    while not path.exists():
        if not _is_starting(path) or time.monotonic() > ends:
            return None
        time.sleep(0.02)
    return ResidentJudges(path)


class Checks:
    """The checks of one command: on resident judges if they are there, else on a judge of its own."""

    def __init__(self, course: Course, cold: bool = False) -> None:
        """With `cold`, never use a resident judge."""
        self._course, self._cold = course, cold
        self._own = JudgeSlot()
        self._kept = JudgeSlot(self._resident)  # for `check_newest`
        self._ending = JudgeSlot()  # of the last check: it ends while the caller shows the verdict

    def __enter__(self) -> Checks:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the judges for good. A check that runs in another thread raises Cancelled."""
        for slot in (self._own, self._kept, self._ending):
            slot.end()

    def check(
        self,
        exercise_id: str,
        submission: Submission,
        seed: int,
        on_total: Callable[[int], None] = lambda total: None,
        on_test: Callable[[TestResult], None] = lambda result: None,
        on_figure: OnFigure | None = None,
    ) -> Report:
        """Judge one submission. If a judge dies, judge it once more; see `check_surely`.

        Then `on_total` is called again, and all tests and figures come again. Raises as
        `Judge.check` does.
        """
        slots = iter(self._slots())

        def ask(other: Submission | None, keep: OnTest) -> Report:
            slot = next(slots, self._own)
            if other is not None:
                return slot.ask_once(lambda judge: judge.check(self._course, exercise_id, other, seed))

            def on_each(result: TestResult) -> None:
                keep(result)
                on_test(result)

            try:
                return slot.ask_once(
                    lambda judge: judge.check(
                        self._course, exercise_id, submission, seed, on_total, on_each, on_figure=on_figure
                    )
                )
            finally:
                if slot is self._ending:
                    slot.begin_to_close()  # the resident server need not stay for the next check

        return check_surely(ask, self._course, exercise_id)

    def check_newest(self, exercise_id: str, submission: Submission, seed: int) -> Report:
        """Judge one submission at once, on a judge that stays for the next such call.

        It knows the tests of the submissions before. An earlier call that has no verdict yet
        raises Cancelled. Raises as `check` does.
        """
        task = Task(exercise_id, submission, seed)
        return self._kept.newest(lambda ask_once: check_task(ask_once, self._course, task))

    def train_networks(
        self, exercise_id: str, submission: Submission, seed: int
    ) -> tuple[TrainedNetwork, ...]:
        """Train the networks of an exercise as a submission builds them. Raises as `Judge.check` does."""
        for slot in self._slots():
            with contextlib.suppress(EnvironmentProblem):  # this judge died: ask another one
                return slot.ask_once(
                    lambda judge: judge.train_networks(self._course, exercise_id, submission, seed)
                )
        return self._own.ask_once(
            lambda judge: judge.train_networks(self._course, exercise_id, submission, seed)
        )

    def make_questions(
        self,
        exercise_id: str,
        submission: Submission,
        seed: int,
        functions: tuple[str, ...],
        again: Again | None = None,
    ) -> tuple[OwnQuestion, ...]:
        """Make questions about functions of a submission. Raises as `Judge.check` does."""

        def make(judge: Judge) -> tuple[OwnQuestion, ...]:
            return judge.make_questions(self._course, exercise_id, submission, seed, functions, again=again)

        for slot in self._slots():
            with contextlib.suppress(EnvironmentProblem):  # this judge died: ask another one
                return slot.ask_once(make)
        return self._own.ask_once(make)

    def _slots(self) -> Iterator[JudgeSlot]:
        """Yield a slot for a resident judge, if there is one. It is used only once."""
        resident = self._resident()
        if resident is not None:
            self._ending.close()
            self._ending = JudgeSlot(lambda: resident)
            yield self._ending

    def _resident(self) -> ResidentJudges | None:
        return None if self._cold else resident_judges(self._course)


def start_resident(course: Course, exercise_id: str) -> None:
    """Start a server for a course in the background, unless one is there or this machine has no room.

    It ends the servers of other versions and other courses.
    """
    minutes, path = _minutes(), _socket_of(course)
    if minutes is None or path is None or path.exists() or reason_against():
        return
    stop_residents()
    lock = _locked(path)
    if lock is None:
        return  # another command has started it
    directory = scratch.choose()
    job = sample_job(course, exercise_id)
    arguments = [directory, str(path), str(minutes * 60), msgspec.json.encode(job).decode()]
    with os.fdopen(lock), contextlib.suppress(OSError):
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.judge.server.resident", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=judge_variables(directory),
            cwd="/",
            start_new_session=True,  # it outlives this command and its terminal
            pass_fds=[lock],  # locked for as long as it lives
        )
        _children.append(server)
        os.pwrite(lock, str(server.pid).encode(), 0)  # for those who stop it before it listens


def running() -> Iterator[Status]:
    """Yield the status of each server of this user."""
    _forget_ended()
    for path in _sockets():
        with contextlib.suppress(OSError, msgspec.DecodeError), _connected(path) as server:
            server.send(STATUS)
            yield msgspec.json.decode(server.recv(4096), type=Status)


def stop_residents() -> int:
    """End all servers of this user. Return how many there were."""
    stopped = 0
    for path in _sockets():
        with contextlib.suppress(OSError), _connected(path) as server:
            server.send(STOP)
            stopped += server.recv(1) == STOP
        if not path.exists() and _is_starting(path):
            with contextlib.suppress(OSError, ValueError):
                os.kill(int(lock_of(path).read_text()), signal.SIGTERM)
                stopped += 1
        ends = time.monotonic() + _ENDING_SECONDS
        while _is_starting(path) and time.monotonic() < ends:
            time.sleep(0.02)
        for file in (path, lock_of(path)):  # of one that was killed
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
    _forget_ended()
    return stopped


def _forget_ended() -> None:
    """Let go of servers that have ended, so that the system can forget them, too."""
    _children[:] = [server for server in _children if server.poll() is None]


def memory_of(pid: int) -> int:
    """Return the bytes of memory of a process and its descendants; shared pages count once."""
    total, waiting = 0, [pid]
    while waiting:
        each = waiting.pop()
        with contextlib.suppress(OSError, ValueError, IndexError):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        with contextlib.suppress(OSError):
            for children in Path(f"/proc/{each}/task").glob("*/children"):
                waiting += map(int, children.read_text().split())
    return total


# --- the socket ---


def _minutes() -> float | None:
    """Return the minutes that a server stays without a check, or None if none may be started."""
    setting = os.environ.get(SWITCH, "")
    if setting.lower() in ("off", "0", "no", "false"):
        return None
    with contextlib.suppress(ValueError):
        return max(0.1, min(float(setting), 24 * 60.0))
    return IDLE_MINUTES


def _directory() -> Path:
    """Return the directory of the sockets. Raises EnvironmentProblem if it is not this user's alone."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    path = Path(base or cache_dir(), "course-judge")
    if len(str(path)) >= _MAX_PATH:
        raise EnvironmentProblem(
            f"the path {path} is too long for a socket — set XDG_RUNTIME_DIR to a shorter one"
        )
    return private_directory(path, "delete it, or set XDG_RUNTIME_DIR to a directory of your own")


def _socket_of(course: Course) -> Path | None:
    try:
        return _directory() / f"{_name(course)}{_ENDING}"
    except EnvironmentProblem:
        return None


def _sockets() -> list[Path]:
    try:
        found = [*_directory().iterdir()] if POSSIBLE else []
    except EnvironmentProblem:
        return []
    return sorted({path.with_suffix(_ENDING) for path in found if path.suffix in (_ENDING, ".lock")})


def _name(course: Course) -> str:
    """Return a name that changes with the package, the course and the installed libraries."""
    package = Path(__file__).resolve().parents[2]
    libraries = [Path(path) for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    parts = [__version__, sys.prefix, str(package), str(course.root.resolve())]
    parts += [f"{path} {_changed(path)}" for path in libraries]  # an installation changes the directory
    for root in (package, *(course.root / part for part in PARTS)):
        parts.append(str(_newest(root)))
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _newest(root: Path) -> float:
    """Return the time of the last change below a directory, or of a file."""
    newest = [_changed(root)]
    for directory, names, files in os.walk(root):
        names[:] = [name for name in names if not name.startswith((".", "__"))]
        newest += (_changed(Path(directory, file)) for file in files)
    return max(newest)


def _locked(path: Path) -> int | None:
    """Return a descriptor that holds the lock of a server, or None if a server holds it."""
    import fcntl  # Unix only

    lock = os.open(lock_of(path), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _is_starting(path: Path) -> bool:
    """Return True if a server holds the lock, so that its socket will come."""
    lock = _locked(path)
    if lock is not None:
        os.close(lock)
    return lock is None


@contextlib.contextmanager
def _connected(path: Path) -> Iterator[socket.socket]:
    """Connect to a server of this user. Raises OSError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.settimeout(_ANSWER_SECONDS)
        server.connect(str(path))
        if not is_of_this_user(server):
            raise OSError("the server belongs to another user")
        yield server
