"""Validate a course again and again while an author edits it. Only what has changed is proven again."""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from grader.authoring.known_runs import KnownRuns
from grader.authoring.material import ExerciseFiles, digests
from grader.authoring.proof import Matrix
from grader.authoring.running import Tell, judge_pool
from grader.authoring.saves import Stamps, saves, stamps
from grader.authoring.validation import ExerciseProof, Reading, Validation, conclude, prove, read
from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.problem import Problem, problems_of
from grader.errors import CourseError, EnvironmentProblem, UnknownIdError
from grader.judge.client.judge import Cancelled


class State(Struct, frozen=True):
    """What is known of a course after a save.

    For exercises that are `waiting` to be proven, the validation holds what their last runs have shown.
    """

    validation: Validation
    waiting: tuple[str, ...] = ()


class Changes(Struct, frozen=True):
    """The problems that are new since the last state, and those that are gone."""

    new: tuple[Problem, ...]
    fixed: tuple[Problem, ...]


def changes(before: Sequence[Problem], after: Sequence[Problem]) -> Changes:
    """Compare two lists of problems. One that has only moved to another line is the same."""

    def missing(some: Sequence[Problem], others: Sequence[Problem]) -> tuple[Problem, ...]:
        left = Counter(map(_key, others))
        found = []
        for problem in some:
            if left[_key(problem)]:
                left[_key(problem)] -= 1
            else:
                found.append(problem)
        return tuple(found)

    return Changes(missing(after, before), missing(before, after))


def _key(problem: Problem) -> tuple[str, str, str]:
    return problem.file, problem.what, problem.todo


class _Proven(Struct, frozen=True):
    """What the runs of an exercise have shown, and of which files."""

    exercise: Exercise
    files: dict[str, str]
    shown: tuple[list[Problem], ExerciseProof]

    def is_about(self, files: ExerciseFiles) -> bool:
        return (files.exercise, files.digests) == (self.exercise, self.files)


class _Superseded(Exception):
    """The exercise that is being proven was edited."""


class Watched:
    """A course that is validated after each save. Judges, and what is known, stay for the next one.

    One thread reads the course at each save, which takes a moment. Another one proves exercises.
    """

    def __init__(
        self,
        course: Course,
        items: Collection[str] | None,
        seeds: int,
        tell: Tell = lambda exercise, done, total: None,
    ) -> None:
        """`items` are the ids of the parts, or None for the whole course. `tell` is called after each run."""
        self._course, self._items, self._seeds, self._tell = course, items, seeds, tell
        self._judges = judge_pool()
        self._known = KnownRuns()
        self._proven: dict[str, _Proven] = {}
        self._failed: dict[str, _Proven] = {}  # those that could not be run, until the next save
        self._turn = threading.Lock()
        self._began = time.monotonic()
        self._reading = Reading(course, (), (), (), frozenset())
        self._changed = threading.Event()
        self._stop = threading.Event()
        self._states: queue.SimpleQueue[State | Exception | None] = queue.SimpleQueue()

    def states(self) -> Iterator[State]:
        """Yield what is known now, then after each save and each proof, until `close`.

        Raises CourseError for an unknown id or a kit, and EnvironmentProblem if this machine cannot do it.
        Any other error of the course is a problem, which a later save may correct.
        """
        self._began = time.monotonic()
        self._course.check_whole("be validated")
        seen = stamps(self._course.root)
        self._read(first=True)
        self._put_state()
        for work in (partial(self._notice, seen), self._prove_all):
            threading.Thread(target=self._surely, args=(work,), daemon=True).start()
        while (state := self._next()) is not None:
            if isinstance(state, Exception):
                raise state
            yield state

    def _next(self) -> State | Exception | None:
        """Wait for a state, or for the end. A wait without end can miss a Ctrl-C that comes as it begins."""
        while True:
            with suppress(queue.Empty):
                return self._states.get(timeout=1)

    def close(self) -> None:
        """End the judges and `states`. Can be called from any thread."""
        self._stop.set()
        self._changed.set()
        self._states.put(None)
        self._judges.close()

    def _surely(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # `states` raises it
            self._states.put(error)

    def _notice(self, seen: Stamps) -> None:
        for _ in saves(self._course, self._stop, seen):
            self._began = time.monotonic()
            self._read()
            self._failed.clear()  # what an exercise needs may be in another part of the course
            self._put_state()
            self._changed.set()

    def _read(self, *, first: bool = False) -> None:
        """Read the course. If that fails, keep what was read before."""
        try:
            self._reading = read(self._course, self._items)
        except (CourseError, OSError) as error:
            if first and isinstance(error, UnknownIdError):
                raise
            self._reading = replace(self._reading, problems=self._as_problems(error))

    def _prove_all(self) -> None:
        while not self._stop.is_set():
            self._changed.clear()
            reading = self._reading
            waiting = self._waiting(reading)
            if not waiting:
                self._changed.wait()
                continue
            try:
                self._prove(reading, waiting[0])
                self._put_state()
            except (_Superseded, Cancelled):
                self._changed.wait(1)  # until the edit has been read, too

    def _as_problems(self, error: CourseError | OSError) -> tuple[Problem, ...]:
        if isinstance(error, OSError):  # such as a directory that was deleted while it was read
            file = str(error.filename or self._course.root)
            return (Problem(file, 1, f"it cannot be read: {error.strerror}", "check it, and save again"),)
        return problems_of(error, self._course.root)

    def _waiting(self, reading: Reading) -> list[ExerciseFiles]:
        """Return the exercises that have changed since they were proven, before those that never were."""
        changed = []
        for files in reading.exercises:
            known = (self._proven.get(files.exercise.id), self._failed.get(files.exercise.id))
            if not any(each and each.is_about(files) for each in known):
                changed.append(files)
        return sorted(changed, key=lambda files: files.exercise.id not in self._proven)

    def _prove(self, reading: Reading, files: ExerciseFiles) -> None:
        def is_edited() -> bool:
            try:
                return digests(files.directory) != files.digests
            except OSError:  # a file is being replaced
                return True

        def tell(exercise: str, done: int, total: int) -> None:
            if self._changed.is_set() and is_edited():
                raise _Superseded
            self._tell(exercise, done, total)

        exercise = files.exercise
        try:
            shown = prove(reading, files, self._judges, self._seeds, tell, known=self._known)
        except (CourseError, OSError) as error:
            if is_edited():
                raise _Superseded from None
            if isinstance(error, EnvironmentProblem) and not self._proven:
                raise  # it is this machine, and no save would change that
            nothing = ExerciseProof(id=exercise.id, version="", seeds=(), matrix=Matrix(), mutation=None)
            shown = [*self._as_problems(error)], nothing
            self._failed[exercise.id] = _Proven(exercise, files.digests, shown)
            return
        if is_edited():  # the judge may have read other files than we have
            raise _Superseded
        self._failed.pop(exercise.id, None)
        self._proven[exercise.id] = _Proven(exercise, files.digests, shown)

    def _put_state(self) -> None:
        with self._turn:
            reading = self._reading
            known = {**self._proven, **self._failed}
            ids = [files.exercise.id for files in reading.exercises]
            shown = [known[id_].shown for id_ in ids if id_ in known]
            validation = conclude(reading, shown, time.monotonic() - self._began)
            self._states.put(State(validation, tuple(each.exercise.id for each in self._waiting(reading))))
