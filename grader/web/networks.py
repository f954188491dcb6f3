"""Learners' trained networks, as the page shows them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.simulations import NetworkSimulation
from grader.errors import CourseError
from grader.judge.networks import TrainedNetwork
from grader.judge.submission import Submission
from grader.progress.attempt import Attempt
from grader.progress.evidence import report_lines
from grader.web.links import Link, exercise_path
from grader.web.questions import Shown
from grader.web.simulations import ShownSimulation

if TYPE_CHECKING:
    from grader.judge.client.resident import Checks

KEPT = 20  # answers
PATIENCE = 60.0  # seconds to wait for the training of others
STYLE = "simulations/network.css"


class NetworkAnswer(Struct, frozen=True):
    """What the script gets: the networks, or the sentence that tells why there are none."""

    networks: tuple[TrainedNetwork, ...] = ()
    problem: str = ""


def show_network(
    simulation: NetworkSimulation, exercise: Exercise, question: Shown | None, attempts: Iterable[Attempt]
) -> ShownSimulation:
    """Return what the page shows of a learner's networks."""
    missing, address = needed(exercise, attempts), exercise_path(exercise.id)
    sent = {"address": "" if missing else f"{address}/networks.json", "page": f"{address}/network"}
    return ShownSimulation(
        simulation.id,
        "network",
        simulation.title,
        simulation.text,
        question,
        msgspec.json.encode(sent).decode(),
        {"needed": missing, "exercise": Link(exercise.title, address)},
    )


def simulation_of(lessons: Iterable[Lesson], exercise_id: str) -> NetworkSimulation | None:
    """Return the simulation of the lessons that runs the networks of an exercise, or None."""
    every = (each for lesson in lessons for section in lesson.sections for each in section.simulations)
    networks = (each for each in every if isinstance(each, NetworkSimulation))
    return next((each for each in networks if each.settings.exercise == exercise_id), None)


def needed(exercise: Exercise, attempts: Iterable[Attempt]) -> tuple[str, ...]:
    """Return the functions that build networks and whose tests have not all passed in any check."""
    missing = list(dict.fromkeys(network.function for network in exercise.networks))
    for attempt in attempts:
        if attempt.kind == "check" and attempt.item == exercise.id:
            tests = [test for test in report_lines(attempt.report).tests if test.counts]
            for name in [*missing]:
                if {test.outcome for test in tests if test.function == name} == {"passed"}:
                    missing.remove(name)
    return tuple(missing)


class Networks:
    """Trains learners' networks, one submission at a time, and keeps the last answers."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._turn = threading.Lock()
        self._answers: dict[str, NetworkAnswer] = {}
        self._checks: Checks | None = None
        self._closed = False

    def of(self, exercise_id: str, submission: Submission) -> NetworkAnswer:
        """Return the networks that a submission builds. Raises CourseError if no judge can train them."""
        key = self._key(exercise_id, submission)
        if key not in self._answers:
            if not self._turn.acquire(timeout=PATIENCE):
                raise CourseError("the judge is busy with other networks — reload the page in a minute")
            try:
                if key not in self._answers:
                    self._keep(key, NetworkAnswer(self._train(exercise_id, submission)))
            finally:
                self._turn.release()
        return self._answers[key]

    def close(self) -> None:
        """End a training that runs."""
        self._closed = True
        if (checks := self._checks) is not None:
            checks.close()

    def _train(self, exercise_id: str, submission: Submission) -> tuple[TrainedNetwork, ...]:
        from grader.judge.client.judge import Cancelled, default_seed
        from grader.judge.client.resident import Checks, start_resident

        with Checks(self._course) as checks:
            self._checks = checks
            try:
                if self._closed:
                    raise Cancelled
                seed = default_seed(self._course, exercise_id)
                trained = checks.train_networks(exercise_id, submission, seed)
            except Cancelled:
                raise CourseError("the training was stopped — reload the page") from None
            finally:
                self._checks = None
        start_resident(self._course, exercise_id)  # so that the next one is fast
        return trained

    def _keep(self, key: str, answer: NetworkAnswer) -> None:
        self._answers[key] = answer
        for old in [*self._answers][:-KEPT]:
            del self._answers[old]

    def _key(self, exercise_id: str, submission: Submission) -> str:
        version = self._course.exercise_version(exercise_id)
        source = msgspec.msgpack.encode((exercise_id, version, submission.cells, submission.files))
        return hashlib.blake2b(source, digest_size=16).hexdigest()
