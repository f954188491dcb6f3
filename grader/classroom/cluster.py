"""Verdicts from the workers of a Dask cluster. Each worker keeps its own judges.

Only names of functions in this module and our own bytes cross the network: the
exercises as a zip file, sent once and directly to each worker, then a job and a
verdict as JSON. Workers need this package.
"""

from __future__ import annotations

import hashlib
import io
import logging
import queue
import shutil
import tempfile
import threading
import time
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from grader import __version__
from grader.classroom.verdicts import (
    NO_SANDBOX,
    OF_CLASS,
    Terms,
    UniqueSubmission,
    Verdict,
    Verdicts,
    on_terms,
)
from grader.content.course import COURSE_FILE, Course
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.client.confinement import confinement_here, require_walls
from grader.judge.client.missing_libraries import require_libraries
from grader.judge.client.pool import JudgePool, Task
from grader.judge.report import Environment, Report, environment

LOCAL = "local:"  # followed by a number of workers: a cluster on this machine, to try it out
CONNECT_SECONDS = 20
WORKER_SECONDS = 60  # to wait for a first worker
AHEAD = 3  # jobs queued at a worker per running job
TRIES = 3  # of a job whose worker was lost


class ClusterAnswer(Struct, frozen=True):
    """A worker's answer: a report, or the reason why there is none."""

    report: Report | None = None
    failed: str = ""


class About(Struct, frozen=True):
    """A worker's version of this package, and its environment."""

    package: str
    environment: Environment


def is_in_the_clear(scheduler: str) -> bool:
    """Return True if hidden tests would cross a network that others may read."""
    address = urlsplit(scheduler if "//" in scheduler else f"tcp://{scheduler}")
    if scheduler.startswith(LOCAL) or address.scheme in ("tls", "inproc", "wss"):
        return False
    host = address.hostname or ""
    with suppress(ValueError):
        return not ip_address(host).is_loopback
    return host != "localhost"


@contextmanager
def cluster_judges(scheduler: str, sandbox: bool) -> Iterator[ClusterJudges]:
    """Connect to a scheduler, or with "local:4" start a cluster of four workers, and stop it afterwards.

    Raises EnvironmentProblem if nobody answers, if workers differ from each
    other or from here, or if learner code has to be confined and cannot be.
    """
    try:
        from distributed import Client
        from distributed.comm import parse_address
        from distributed.comm.registry import get_backend
    except ImportError:
        raise EnvironmentProblem(
            "a cluster needs the package distributed — pip install 'course-grader[cluster]'"
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we report the errors that matter
    with _address(scheduler) as address:
        try:
            get_backend(
                parse_address(address)[0]
            )  # with an unknown scheme, a client would hang while closing
            client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EnvironmentProblem(
                f"no scheduler can be reached at {scheduler} ({_line(error)}) — start one with "
                "`dask scheduler`, or check the address"
            ) from None
        try:
            yield ClusterJudges(client, sandbox)
        finally:
            with suppress(Exception):
                client.run(_end_all)
            with suppress(Exception):
                client.close(timeout=CONNECT_SECONDS)


@contextmanager
def _address(scheduler: str) -> Iterator[str]:
    if not scheduler.startswith(LOCAL):
        yield scheduler
        return
    count = scheduler.removeprefix(LOCAL)
    if not count.isdecimal() or not 1 <= int(count) <= 256:
        raise CourseError(
            f"{scheduler!r} is not a cluster — write local:4 to start four workers on this machine"
        )
    from dask import config
    from distributed import LocalCluster

    with (
        tempfile.TemporaryDirectory(prefix="course-cluster-", ignore_cleanup_errors=True) as scratch,
        config.set({"temporary-directory": scratch}),
        LocalCluster(
            n_workers=int(count),
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster.scheduler_address


class ClusterJudges:
    """The workers of a cluster."""

    def __init__(self, client: Any, sandbox: bool) -> None:
        """Raises EnvironmentProblem; see `cluster_judges`."""
        self._client = client
        self._sandbox = sandbox
        self.environment = self._common_environment()

    def _common_environment(self) -> Environment:
        try:
            self._client.wait_for_workers(1, timeout=WORKER_SECONDS)
            answers: dict[str, bytes] = self._client.run(_about)
        except TimeoutError:
            raise EnvironmentProblem("the cluster has no workers — start one: dask worker ADDRESS") from None
        except Exception as error:  # anything that a worker without this package raises
            raise EnvironmentProblem(
                f"the workers cannot grade ({_line(error)}) — install the same course-grader on them"
            ) from None
        workers = {name: msgspec.json.decode(answer, type=About) for name, answer in answers.items()}
        first, about = min(workers.items())
        for name, other in workers.items():
            if other != about:
                raise EnvironmentProblem(
                    f"the workers {first} and {name} would not give the same scores: "
                    f"{_difference(about, other)} — "
                    "install the same packages on all workers and give each the same number of cores"
                )
        if about.package != __version__:
            raise EnvironmentProblem(
                f"the workers have course-grader {about.package}, but this machine has {__version__} — "
                "install the same version"
            )
        if self._sandbox:
            require_walls(about.environment.confinement, NO_SANDBOX)
        return about.environment

    def verdicts(self, course: Course, submissions: Sequence[UniqueSubmission], terms: Terms) -> Verdicts:
        """Judge on the cluster. If a worker is lost, another one does its job."""
        if not submissions:
            return
        work = _Work(self._client, packed(course, terms.versions), submissions, terms)
        try:
            yield from work.verdicts()
        except EnvironmentProblem:
            raise
        except (OSError, RuntimeError, CancelledError) as error:  # raised when a connection of Dask breaks
            raise EnvironmentProblem(
                f"the cluster no longer answers ({_line(error)}) — finished results are kept; "
                "continue with --resume"
            ) from None
        finally:
            work.cancel()


class _Work:
    """The jobs that wait, and those that the cluster is running."""

    def __init__(
        self, client: Any, content: bytes, submissions: Sequence[UniqueSubmission], terms: Terms
    ) -> None:
        self._client, self._content, self._terms = client, content, terms
        self._waiting = deque(submissions)
        self._running: dict[Any, UniqueSubmission] = {}  # future -> what it judges
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._lost: dict[tuple[str, str], int] = {}
        self._exercises: Any = None  # on the workers

    def verdicts(self) -> Verdicts:
        without_workers_since: float | None = None
        while self._waiting or self._running:
            threads = sum(self._client.nthreads().values())
            while self._waiting and len(self._running) < AHEAD * max(1, threads):
                self._submit(self._waiting.popleft())
            with suppress(queue.Empty):
                future = self._done.get(timeout=2)
                unique = self._running.pop(future)
                verdict = self._verdict(future, unique)
                if verdict is not None:
                    yield unique, verdict
            if threads:
                without_workers_since = None
            elif without_workers_since is None:
                without_workers_since = time.monotonic()
            elif time.monotonic() - without_workers_since > WORKER_SECONDS:
                raise EnvironmentProblem(
                    "the cluster no longer has any workers — finished results are kept; start workers, then "
                    "continue with --resume"
                )

    def _submit(self, unique: UniqueSubmission) -> None:
        if self._exercises is None or self._exercises.status != "finished":
            # directly to the workers, so that the scheduler does not hold hidden tests
            self._exercises = self._client.scatter(self._content, direct=True, broadcast=True, hash=True)
        job = msgspec.json.encode(Task(unique.exercise, unique.submission, self._terms.seed, OF_CLASS))
        future = self._client.submit(_judge, self._exercises, job, pure=False)
        self._running[future] = unique
        future.add_done_callback(self._done.put)

    def _verdict(self, future: Any, unique: UniqueSubmission) -> Verdict | None:
        """Return the job's outcome, or None if the job must be retried."""
        if future.status == "finished":
            answer = msgspec.json.decode(future.result(), type=ClusterAnswer)
            if answer.report is None:
                return EnvironmentProblem(answer.failed)
            return on_terms(answer.report, self._terms)
        self._lost[unique.key] = self._lost.get(unique.key, 0) + 1
        if self._lost[unique.key] < TRIES:
            self._exercises = None
            self._waiting.append(unique)
            return None
        error = future.exception() if future.status == "error" else None
        return EnvironmentProblem(
            f"the cluster lost this submission's worker {TRIES} times ({_line(error)}) — grade again "
            "with --resume"
        )

    def cancel(self) -> None:
        with suppress(Exception):
            self._client.cancel(list(self._running), force=True)


def packed(course: Course, exercises: Iterable[str]) -> bytes:
    """Return the exercises' directories and `course.yaml` as a zip file; equal files give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if (about := course.root / COURSE_FILE).is_file():
            archive.writestr(zipfile.ZipInfo(COURSE_FILE), about.read_bytes(), zipfile.ZIP_DEFLATED)
        for exercise in sorted(exercises):
            directory = course.exercise_dir(exercise)
            for path in sorted(directory.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    name = f"exercises/{exercise}/{path.relative_to(directory).as_posix()}"
                    archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _difference(one: About, other: About) -> str:
    ours, theirs = (
        msgspec.to_builtins(each.environment) | {"package": each.package} for each in (one, other)
    )
    return ", ".join(f"{name} {ours[name]} and {theirs[name]}" for name in ours if ours[name] != theirs[name])


def _line(error: BaseException | None) -> str:
    text = " ".join(str(error).split()) if error is not None else "no reason is given"
    return text[:200] or type(error).__name__


# --- on the workers ---


class UnpackedCourse:
    """One version of the exercises on a worker: their directory, and the judges that use it."""

    def __init__(self, content: bytes, parent: str, threads: int) -> None:
        """Unpack below `parent`. There is one judge per thread; several judges share a zygote."""
        self.directory = Path(tempfile.mkdtemp(prefix="course-", dir=parent))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(self.directory)
        self.course = Course(self.directory)
        self.judges = JudgePool(threads, forked=True)

    def judge(self, job: Task) -> ClusterAnswer:
        try:
            require_libraries(self.course, [job.exercise])
            return ClusterAnswer(self.judges.check(self.course, job))
        except CourseError as error:
            return ClusterAnswer(failed=str(error))

    def end(self) -> None:
        self.judges.close()
        shutil.rmtree(self.directory, ignore_errors=True)


_COURSES: dict[bytes, UnpackedCourse] = {}
_LOCK = threading.Lock()


def _judge(content: bytes, job: bytes) -> bytes:
    """Judge one submission."""
    from distributed import get_worker

    digest = hashlib.blake2b(content).digest()
    with _LOCK:
        if digest not in _COURSES:
            worker = get_worker()
            _COURSES[digest] = UnpackedCourse(content, worker.local_directory, worker.state.nthreads)
        unpacked = _COURSES[digest]
    return msgspec.json.encode(unpacked.judge(msgspec.json.decode(job, type=Task)))


def _about() -> bytes:
    return msgspec.json.encode(About(__version__, environment(confinement_here())))


def _end_all() -> None:
    with _LOCK:
        courses = list(_COURSES.values())
        _COURSES.clear()
    for unpacked in courses:
        unpacked.end()
