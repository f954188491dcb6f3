"""Run one job and return its report. Runs only in the judge process."""

from __future__ import annotations

import contextlib
import functools
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from grader.content.course import Course
from grader.content.exercise import Exercise, Mistake
from grader.content.lesson import Misconception
from grader.content.libraries import installed
from grader.content.yaml_core import read_text
from grader.errors import CourseError
from grader.judge import sentences
from grader.judge.jobs import (
    AnyJob,
    CellsJob,
    CellsRun,
    Job,
    MakeWhich,
    NetworksJob,
    OnCells,
    OnFigure,
    QuestionsJob,
    ShownCell,
    limits_of,
)
from grader.judge.networks import TrainedNetwork
from grader.judge.own_questions import OwnQuestion
from grader.judge.preload import needed_for, preload
from grader.judge.report import Report, TestResult, Withheld, environment, total
from grader.judge.sandbox.available import best_workers
from grader.judge.sandbox.pipe import WorkerCrashed, WorkerTimedOut
from grader.judge.sandbox.reuse import ReusedWorkers
from grader.judge.sandbox.sources import Setting, Workers
from grader.judge.server.cell_outputs import shown_cells
from grader.judge.server.remembered import RememberedSession
from grader.judge.server.session import Session
from grader.judge.submission import Submission, read_submission
from grader.judge.wire import messages as m
from grader.judge.wire.messages import Cell

if TYPE_CHECKING:
    from grader.judge.server.own_runs import OwnRuns
    from grader.judge.server.transcripts import Transcripts

S = TypeVar("S", bound=Session)
J = TypeVar("J", Job, CellsJob, NetworksJob, QuestionsJob)


class JobRunner:
    """A runner of jobs, one after another. It keeps zygotes, imports and transcripts between jobs."""

    def __init__(self) -> None:
        self._workers: dict[Setting, Workers] = {}
        self._reused: dict[Workers, ReusedWorkers] = {}
        self._sessions: list[Session | OwnRuns] = []
        self._last: Workers | None = None

    @cached_property
    def _transcripts(self) -> Transcripts:
        from grader.judge.server.transcripts import Transcripts  # imports numpy

        return Transcripts()

    def begin(self, job: Job) -> None:
        """Import and start what jobs like this one need, without threads. Raises CourseError."""
        _import_engine()
        from grader.judge.server.old_keras import patterns

        patterns()  # processes that are forked from this one share them
        exercise = Course(Path(job.course)).exercise(job.exercise)
        self._source(_limited(job, exercise), exercise)
        if _builds_models(exercise):
            preload(["keras"])

    @property
    def alive(self) -> bool:
        """Return False if a zygote has died."""
        return all(source.alive for source in self._workers.values())

    def share(self) -> JobRunner:
        """Return a runner with the same zygotes, for a process that will be forked from this one."""
        shared = JobRunner()
        for setting, source in self._workers.items():
            with contextlib.suppress(CourseError):  # then that process starts its own zygote
                shared._workers[setting] = source.share()
        return shared

    def run(
        self,
        job: Job,
        on_total: Callable[[int], None],
        on_test: Callable[[TestResult], None],
        on_cells: OnCells,
        on_figure: OnFigure,
    ) -> Report:
        """Run all tests of a job and return the report. `prepare` ends its workers.

        `on_total` receives the number of tests, `on_test` each result, `on_cells` the outputs of
        the cells, and `on_figure` the figures that the job asks for. Raises CourseError.
        """
        started = time.monotonic()
        # numpy, pytest and the rest of the engine are imported while a worker starts and loads
        threading.Thread(target=_import_engine, daemon=True).start()
        course = Course(Path(job.course))
        directory = course.exercise_dir(job.exercise)
        exercise = _with_readable_mistakes(course.exercise(job.exercise), directory)
        job = _limited(job, exercise)
        source = self._source(job, exercise)
        given = _given(course, exercise)
        exercise_version = course.exercise_version(job.exercise)
        names = tuple(function.name for function in exercise.functions)
        kit = None if course.kit is None else course.kit.exercises.get(job.exercise)
        solution = None if kit else _solution(directory / "solution.py")
        submission = Submission(job.name, job.cells, job.files, data=given)
        learner = Session(submission, names, source, job.limits, job.seed)
        self._sessions = [learner]
        with contextlib.suppress(WorkerCrashed):  # then it begins once more when the tests do
            learner.begin()
        # a slow submission must not use up the time of the author's code
        unlimited = msgspec.structs.replace(job.limits, submission=math.inf)
        watched = [learner]

        reused = self._reused.setdefault(source, ReusedWorkers(source))

        def trusted(kind: Callable[..., S], *cells: Cell) -> S:
            program = Submission("solution.py", cells, data=given)
            session = kind(program, names, reused, unlimited, job.seed, strict=True)
            self._sessions.append(session)
            return session

        def session_of(mistake: Mistake) -> Session:
            assert solution is not None  # kits have no solutions and no known mistakes
            return trusted(Session, *solution.cells, *read_submission(directory / mistake.file).cells)

        def learner_with(replaced: Mapping[str, Callable[..., Any]]) -> Session:
            left = msgspec.structs.replace(job.limits, submission=learner.seconds_left)
            session = Session(submission, names, source, left, job.seed, replaced=replaced)
            self._sessions.append(session)
            watched.append(session)
            return session

        remembered = partial(
            RememberedSession,
            cache=Path(job.cache) / "solution-answers",
            surroundings=(*installed(exercise.libraries), str(job.seed)),
        )

        reference = None if solution is None else trusted(remembered, *solution.cells)
        watched += [] if reference is None else [reference]
        from grader.judge.server.engine import run
        from grader.judge.server.plan import Plan
        from grader.judge.server.transcripts import Transcripts

        if _builds_models(exercise):
            # Keras is then ready when the first model arrives; the zygote imports its own copy
            threading.Thread(target=preload, args=[["keras"]], daemon=True).start()
        plan = Plan(
            exercise=exercise,
            tests_version=course.tests_version(job.exercise),
            directory=directory,
            seed=job.seed,
            learner=learner,
            reference=reference,
            session_of=session_of,
            learner_with=learner_with,
            on_test=on_test,
            on_total=on_total,
            on_cells=on_cells,
            on_figure=on_figure if job.figures else None,
            cache=Path(job.cache),
            transcripts=Transcripts() if job.scope.anew else self._transcripts,
            scope=job.scope,
        )
        outcome = run(plan)
        _forget_models()
        tests = outcome.tests
        score, best = total(t.score for t in tests), total(t.points for t in tests)
        return Report(
            exercise=job.exercise,
            version=exercise_version,
            score=score,
            max_score=best,
            passed=bool(tests) and score == best > 0,
            tests=tests,
            mistakes=outcome.mistakes,
            relations=outcome.relations,
            seed=job.seed,
            environment=environment(source.confinement),
            seconds=round(time.monotonic() - started, 2),
            withheld=Withheld(tests=kit.hidden.tests, points=kit.hidden.points) if kit else None,
            stopped=outcome.loaded.stopped,
            notes=outcome.loaded.notes,
            unnamed=outcome.unnamed,
            disturbed=any(session.disturbed for session in watched),
        )

    def run_cells(self, job: CellsJob) -> CellsRun:
        """Run the cells of a job, without tests, and return what they show. Raises CourseError."""
        course = Course(Path(job.course))
        exercise = course.exercise(job.exercise) if job.exercise else None
        job = _limited(job, exercise)
        source = self._source(job, exercise)
        given = () if exercise is None else _given(course, exercise)
        submission = Submission(job.name, job.cells, job.files, data=given)
        session = Session(submission, (), source, job.limits, job.seed)
        self._sessions = [session]
        cells: tuple[ShownCell, ...] = ()
        ended = ""
        try:
            reply = session.load()
            if isinstance(reply, m.Loaded):
                cells = shown_cells(session.cells, reply)
            elif "MemoryError" in reply.bases:
                ended = sentences.out_of_memory("The code in the cells")
            else:
                ended = sentences.cells_crashed()
        except WorkerTimedOut:
            ended = sentences.cells_timed_out(job.limits.load)
        except WorkerCrashed:
            ended = sentences.cells_crashed()
        return CellsRun(cells, ended, source.confinement)

    def train_networks(self, job: NetworksJob) -> tuple[TrainedNetwork, ...]:
        """Train the networks of a submission. Raises CourseError."""
        course = Course(Path(job.course))
        exercise = course.exercise(job.exercise)
        job, given = _limited(job, exercise), _given(course, exercise)
        names = tuple(function.name for function in exercise.functions)
        submission = Submission(job.name, job.cells, job.files, data=given)
        session = Session(submission, names, self._source(job, exercise), job.limits, job.seed)
        self._sessions = [session]
        from grader.judge.server.networks import train_networks  # imports numpy while the zygote imports
        from grader.judge.server.training import Trainer

        trained = train_networks(exercise, session, Trainer(Path(job.cache) / "training"))
        _forget_models()
        return trained

    def make_questions(self, job: QuestionsJob) -> tuple[OwnQuestion, ...]:
        """Make questions about a submission. Raises CourseError."""
        course = Course(Path(job.course))
        exercise, directory = course.exercise(job.exercise), course.exercise_dir(job.exercise)
        job = _limited(job, exercise)
        source, given = self._source(job, exercise), _given(course, exercise)
        from grader.judge.own_code.authored import load_own_code  # imports numpy while the zygote imports
        from grader.judge.server.own_code import Maker
        from grader.judge.server.own_runs import OwnRuns

        names = tuple(function.name for function in exercise.functions)
        own_code = load_own_code(directory, names)
        if own_code is None:  # as in every kit
            return ()
        submission = Submission(job.name, job.cells, job.files, data=given)
        runs = OwnRuns(submission, exercise, source, job.seed, job.limits.memory)
        self._sessions = [runs]
        solution = _solution(directory / "solution.py")
        limits = msgspec.structs.replace(job.limits, submission=math.inf)

        def trusted(*cells: Cell) -> Session:
            program = Submission("solution.py", cells, data=given)
            session = Session(program, names, source, limits, job.seed, strict=True)
            self._sessions.append(session)
            return session

        @functools.cache
        def of(mistake: Mistake) -> Session:
            return trusted(*solution.cells, *read_submission(directory / mistake.file).cells)

        def mistakes(function: str) -> Iterator[tuple[Mistake, Session]]:
            known = [m for m in exercise.mistakes if m.function == function]
            ours = [m for m in known if _is_readable(directory / m.file)]
            return ((mistake, of(mistake)) for mistake in ours)

        maker = Maker(
            exercise=exercise,
            submission=submission,
            own_code=own_code,
            runs=runs,
            starter=(directory / "starter.py").read_text("utf-8"),
            walled=source.confinement.walled,
            reference=trusted(*solution.cells),
            mistakes=mistakes,
            turn=job.again.turn if job.again else 0,
            ideas=_ideas(course, exercise),
        )
        match job.make:
            case _ if job.again:
                made = maker.one_each(job.functions, job.again.template)
            case MakeWhich.ONE_EACH:
                made = maker.one_each(job.functions)
            case MakeWhich.EVERY:
                made = maker.every(job.functions)
            case MakeWhich.SOME:
                made = maker.some(job.functions, job.seconds)
        _forget_models()
        return made

    def prepare(self, idle: bool = False) -> None:
        """End the last job's workers, and prepare one for the next job, which is probably like the last.

        Call this once the result of a job has been sent: ending a worker takes 40 ms.
        """
        self.stop()
        reused, self._reused = self._reused, {}  # another thread may be closing them
        for each in reused.values():
            each.close()
        if self._last is not None:
            self._last.prepare(idle)

    def stop(self) -> None:
        """Make the running job end soon. Can be called from any thread."""
        for session in [*self._sessions]:
            session.close()

    def close(self) -> None:
        """End all sessions, workers and zygotes."""
        self.stop()
        for reused in [*self._reused.values()]:
            reused.close()
        for source in self._workers.values():
            source.close()

    def _source(self, job: AnyJob, exercise: Exercise | None) -> Workers:
        """Return workers that have imported what an exercise needs; without one, numpy will do."""
        kinds = exercise.kinds if exercise else set()
        # the only part of the cache that workers can read; trained weights must stay hidden
        fonts = Path(job.cache) / "matplotlib"
        setting = Setting(("numpy", *needed_for(kinds)), job.limits.memory, str(fonts), (job.course,))
        setting = next((known for known in self._workers if _serves(known, setting)), setting)
        if setting not in self._workers:
            if "figure" in kinds:
                _list_fonts(fonts)
            self._workers[setting] = best_workers(setting)
        self._last = self._workers[setting]
        return self._last


def _import_engine() -> None:
    """Import what runs the tests, and what they import."""
    from grader.judge.server import engine  # noqa: F401


def _serves(known: Setting, wanted: Setting) -> bool:
    """Return True if workers of one setting can do the work of another. They may have imported more."""
    return set(wanted.modules) <= set(known.modules) and known == msgspec.structs.replace(
        wanted, modules=known.modules
    )


def _builds_models(exercise: Exercise) -> bool:
    return "model" in exercise.kinds


def _forget_models() -> None:
    """Make Keras release what it keeps of each model: 2 MB per submission."""
    keras = sys.modules.get("keras")
    if keras is not None and hasattr(keras, "backend"):  # another thread may be importing it
        keras.backend.clear_session(free_memory=False)


def _limited(job: J, exercise: Exercise | None) -> J:
    """Return the job with the limits of its exercise."""
    return (
        job
        if exercise is None
        else msgspec.structs.replace(job, limits=limits_of(exercise.limits, job.limits))
    )


def _given(course: Course, exercise: Exercise) -> tuple[m.GivenFile, ...]:
    """Return the exercise's data files. Raises CourseError."""
    return tuple(m.GivenFile(path, content) for path, content in course.data(exercise).items())


def _solution(path: Path) -> Submission:
    """Read the reference solution. Raises CourseError with a message about the course, not the learner."""
    if not path.is_file():
        raise CourseError(
            f"{path} is missing, so this course is incomplete — if it is a learner's kit, unpack it again"
        )
    return read_submission(path)


def _with_readable_mistakes(exercise: Exercise, directory: Path) -> Exercise:
    """Return the exercise without the known mistakes whose code is missing or is not text.

    Verdicts do not need them, and `course validate` reports the files. A mistake that is recognized by a
    relation stays, because its code is only an example.
    """
    known = tuple(m for m in exercise.mistakes if m.relation or _is_readable(directory / m.file))
    return msgspec.structs.replace(exercise, mistakes=known)


def _is_readable(code: Path) -> bool:
    try:
        return read_text(code).strip() != ""
    except CourseError:
        return False


def _ideas(course: Course, exercise: Exercise) -> dict[str, Misconception]:
    """Return the misconceptions of an exercise's lesson, by id. Raises CourseError."""
    if exercise.lesson not in course.lesson_ids:
        return {}
    return {each.id: each for each in course.lesson(exercise.lesson).misconceptions}


def _list_fonts(directory: Path) -> None:
    """Make matplotlib write its font list once. This takes seconds, and confined workers cannot do it."""
    if not any(directory.glob("fontlist-*.json")):
        command = [sys.executable, "-P", "-c", "import matplotlib.font_manager"]
        environment = os.environ | {"MPLCONFIGDIR": str(directory)}
        with contextlib.suppress(subprocess.SubprocessError, OSError):  # then each worker builds its own list
            subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=120)
