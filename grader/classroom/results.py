"""The files of one run: `run.json`, and `results.jsonl` with a line per exercise or quiz of a learner."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from grader.judge.report import Environment, Report
from grader.quiz.result import QuizResult

RUN, RESULTS = "run.json", "results.jsonl"


class RunRecord(Struct, frozen=True, kw_only=True):
    """`run.json`: the options of a run, and all that its verdicts depend on."""

    package: str
    seed: int
    started: str
    directory: str  # that was graded
    course: str
    exercises: dict[str, str]  # id -> version
    quizzes: dict[str, str]
    environment: Environment
    only_exercises: tuple[str, ...] = ()
    only_quizzes: tuple[str, ...] = ()


class Status(StrEnum):
    """How far it came."""

    GRADED = "graded"  # there is a verdict, whatever it says
    UNREADABLE = "unreadable"  # it is not what it should be: 0 points, through the learner's doing
    FAILED = "failed"  # this machine could not grade it; grading again may help


class Result(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exercise, or one quiz, of one learner.

    Exactly one of `report` and `answers` is there if it is graded, else `problem`
    says why not; of a quiz that is graded, `problem` says which lines do not count
    and why. In `report` the seconds are 0, so that grading again gives the same.
    """

    learner: str
    item: str  # the id of the exercise or quiz
    file: str  # inside of what was handed in
    source: str  # a hash of the code or the answers, the same if the text is
    status: Status
    score: float
    max_score: float
    same_as: str | None = None  # of an exercise: the first learner whose code is the same, but for starters
    problem: str | None = None
    report: Report | None = None
    answers: QuizResult | None = None
