"""Ask a judge process for a verdict. Light: importing this imports neither numpy nor pytest."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import threading
from collections.abc import Callable
from typing import TypeVar, cast

import msgspec
from msgspec.structs import replace

from grader.content.course import Course
from grader.content.problem import ContentError
from grader.judge import jobs, processes, scratch
from grader.judge.client.blame import JudgeDied
from grader.judge.client.launch import JudgeSource, cache_dir, start_alone
from grader.judge.jobs import (
    EVERYTHING,
    LIMITS,
    Again,
    AnyJob,
    CellsJob,
    CellsRun,
    Job,
    Limits,
    MakeWhich,
    NetworksJob,
    OnCells,
    OnFigure,
    QuestionsJob,
    Scope,
)
from grader.judge.networks import TrainedNetwork
from grader.judge.own_questions import OwnQuestion
from grader.judge.report import Report, TestResult
from grader.judge.submission import Submission

J = TypeVar("J", Job, CellsJob, NetworksJob, QuestionsJob)
Answer = Report | CellsRun | tuple[TrainedNetwork, ...] | tuple[OwnQuestion, ...]


def default_seed(course: Course, exercise_id: str) -> int:
    """Return the seed of a learner's own checks: it changes only when the exercise does."""
    return int(course.exercise_version(exercise_id), 16) % 2**31


class Cancelled(Exception):
    """A newer job has taken this one's place, or the judge has been closed."""


class Judge:
    """A judge process, with a clean environment and a scratch directory of its own.

    So nothing in the working directory, PYTHONPATH or pytest's settings reaches
    it. It stays warm between checks.
    """

    def __init__(self, source: JudgeSource | None = None) -> None:
        """Start the process: from `source`, or as a child of this process. Raises OSError."""
        self._closed = False
        self._asked = self._answered = 0  # jobs
        self._turn = threading.Condition()
        self._directory = scratch.choose(source.directory if source else None)
        with contextlib.ExitStack() as stack:
            self._log = stack.enter_context(tempfile.TemporaryFile())
            self._process = (source.start if source else start_alone)(self._directory, self._log)
            stack.pop_all()

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check(
        self,
        course: Course,
        exercise_id: str,
        submission: Submission,
        seed: int,
        on_total: Callable[[int], None] = lambda total: None,
        on_test: Callable[[TestResult], None] = lambda result: None,
        limits: Limits = LIMITS,
        on_cells: OnCells = lambda cells: None,
        on_figure: OnFigure | None = None,
        scope: Scope = EVERYTHING,
    ) -> Report:
        """Judge one submission; call `on_total` and `on_test` as the tests are collected and finish.

        `on_cells` receives what the submission's cells showed when they ran. That is not part of
        the report, and no test has seen it. `on_figure` receives the figures of visible tests,
        each with the reference solution's.

        Called from another thread while a check runs, it makes that check raise Cancelled.
        Raises ContentError if the exercise is broken, JudgeDied if the process ends,
        EnvironmentProblem if the judge cannot run here, Cancelled if the judge is closed meanwhile.
        """
        job = _job(Job, course, exercise_id, submission, seed, limits)
        job = replace(job, scope=scope, figures=on_figure is not None)
        report = self._ask(job, on_total, on_test, on_cells, on_figure or (lambda pair: None))
        assert isinstance(report, Report)
        return report

    def run_cells(
        self, course: Course, exercise_id: str, submission: Submission, seed: int, limits: Limits = LIMITS
    ) -> CellsRun:
        """Run a submission's cells without any test, and return what they show.

        `exercise_id` names the exercise whose libraries the cells need, or is "". Raises as
        `check` does.
        """
        run = self._ask(_job(CellsJob, course, exercise_id, submission, seed, limits))
        assert isinstance(run, CellsRun)
        return run

    def train_networks(
        self, course: Course, exercise_id: str, submission: Submission, seed: int
    ) -> tuple[TrainedNetwork, ...]:
        """Train the networks of an exercise as the submission builds them. Raises as `check` does."""
        trained = self._ask(_job(NetworksJob, course, exercise_id, submission, seed, LIMITS))
        assert isinstance(trained, tuple)
        return cast("tuple[TrainedNetwork, ...]", trained)

    def make_questions(
        self,
        course: Course,
        exercise_id: str,
        submission: Submission,
        seed: int,
        functions: tuple[str, ...],
        which: MakeWhich = MakeWhich.SOME,
        again: Again | None = None,
    ) -> tuple[OwnQuestion, ...]:
        """Make questions about functions of a submission that passed their tests. Raises as `check` does."""
        job = _job(QuestionsJob, course, exercise_id, submission, seed, LIMITS)
        made = self._ask(replace(job, functions=functions, make=which, again=again))
        assert isinstance(made, tuple)
        return cast("tuple[OwnQuestion, ...]", made)

    def _ask(
        self,
        job: AnyJob,
        on_total: Callable[[int], None] = lambda total: None,
        on_test: Callable[[TestResult], None] = lambda result: None,
        on_cells: OnCells = lambda cells: None,
        on_figure: OnFigure = lambda pair: None,
    ) -> Answer:
        """Send a job and read its events to their end. Raises as `check` does."""
        with self._turn:
            number, self._asked = self._asked, self._asked + 1
            self._send(job)
            self._turn.wait_for(lambda: self._answered == number)  # events come in the order of the jobs
        try:
            return self._read_answer(on_total, on_test, on_cells, on_figure)
        finally:
            with self._turn:
                self._answered += 1
                self._turn.notify_all()

    def _send(self, job: AnyJob) -> None:
        """Send a job, which cancels any job that is not finished."""
        line = msgspec.json.encode(job) + b"\n"
        with contextlib.suppress(OSError, ValueError):  # the judge has ended: reading its answer shows that
            self._process.stdin.write(line)
            self._process.stdin.flush()  # and stays open: its end tells the judge that we are gone

    def _read_answer(
        self,
        on_total: Callable[[int], None],
        on_test: Callable[[TestResult], None],
        on_cells: OnCells,
        on_figure: OnFigure,
    ) -> Answer:
        """Read the events of one job to their end. Raises as `check` does."""
        while line := self._read_line():
            try:
                event = jobs.decode_event(line)
            except msgspec.DecodeError:
                break  # the judge was killed in the middle of a line
            if self._closed:
                break  # the event may tell of a submission that was stopped by that
            match event:
                case jobs.TestsCollected(total):
                    on_total(total)
                case jobs.TestFinished(result):
                    on_test(result)
                case jobs.CellsShown(cells):
                    on_cells(cells)
                case jobs.FigureDrawn(pair):
                    on_figure(pair)
                case jobs.JobFinished(report):
                    return report
                case jobs.CellsFinished(run):
                    return run
                case jobs.NetworksTrained(networks):
                    return networks
                case jobs.QuestionsMade(questions):
                    return questions
                case jobs.JobCancelled():
                    raise Cancelled
                case jobs.ContentBroken(problems):
                    raise ContentError(problems)
                case jobs.JobFailed():
                    raise event.to_error()
        if self._closed:
            raise Cancelled
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        raise JudgeDied(
            f"the judge stopped without a verdict ({lines[-1] if lines else 'no message'}) — "
            "check that enough memory is free, and what `course doctor` says"
        )

    def _read_line(self) -> bytes:
        """Return the next line; nothing if the judge has ended or was closed."""
        with contextlib.suppress(OSError, ValueError):
            return self._process.stdout.readline()
        return b""

    def begin_to_close(self) -> None:
        """Close the judge's stdin, so that it ends with all it started. `close` waits for that."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def close(self) -> None:
        """End the judge with all it started; kill it after 15 seconds."""
        self.begin_to_close()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            processes.kill_group(self._process)
        with contextlib.suppress(OSError):
            self._process.stdout.close()  # only now: it would wait for a thread that reads
        self._log.close()
        scratch.delete(self._directory)  # the judge may have been killed


def _job(
    kind: type[J],
    course: Course,
    exercise_id: str,
    submission: Submission,
    seed: int,
    limits: Limits,
) -> J:
    """Return a job of this kind about a submission."""
    return kind(
        course=str(course.root.resolve()),
        exercise=exercise_id,
        name=submission.name,
        cells=submission.cells,
        files=submission.files,
        seed=seed,
        cache=str(cache_dir()),
        limits=limits,
    )
