"""A small course whose exercise builds a network that runs on the page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
from judging import write_exercise

from grader.content.course import Course
from grader.progress.evidence import ReportLines, TestLine
from grader.progress.log import AttemptLog
from grader.tutor.recording import Recorder

NETWORKS = """\
networks:
  - {id: small, title: Small, call: "build(4, units=3)", window: 4, steps: 150, learning_rate: 0.02,
     wave: {values: 60, period: 20}}
  - {id: large, title: Large, call: "build(4, units=200)", window: 4, steps: 1,
     wave: {values: 60, period: 20}}
"""
LESSON = """\
id: x
title: Waves
introduction: Waves go up and down.
concepts: [{id: waves, title: Waves, summary: Up and down.}]
misconceptions: []
sections:
  - id: "1"
    title: Networks
    text: Build one.
    concepts: [waves]
    exercises: [exercise-x]
    simulations:
      - {id: alive, kind: network, title: "Yours, alive", text: It runs here., question: x-p1,
         settings: {exercise: exercise-x}}
summary: That was all.
"""
PRACTICE = """\
id: x
lesson: x
questions:
  - id: x-p1
    kind: single
    concepts: [waves]
    section: "1"
    prompt: Does it follow another wave?
    options:
      - {text: "No", correct: true, why: It knows one wave.}
      - {text: "Yes", why: It has never seen it.}
    explain: It knows one wave.
"""
SOLUTION = """
import keras

def build(n, units):
    return keras.Sequential([keras.Input((n, 1)), keras.layers.GRU(units), keras.layers.Dense(1)])
"""
VISIBLE = '''
    @pytest.mark.points(1, function="build")
    def test_it(learner):
        """It is built."""
        assert learner.build(4, 3).output_shape == (None, 1), "It should predict one number"
'''


def write_network_course(root: Path) -> Course:
    """Write the course into `root`."""
    course = write_exercise(root, {"build(n, units)": {"model": "model"}}, SOLUTION, VISIBLE, "")
    file = root / "exercises/exercise-x/exercise.yaml"
    file.write_text(file.read_text() + NETWORKS)
    (root / "lessons").mkdir()
    (root / "lessons/x.yaml").write_text(LESSON)
    (root / "quizzes/practice").mkdir(parents=True)
    (root / "quizzes/practice/x.yaml").write_text(PRACTICE)
    return course


def record_check(course: Course, log: Path, now: datetime, *outcomes: str) -> None:
    """Record a check whose tests of `build` ended like this."""
    tests = tuple(
        TestLine(f"t{k}", "build", outcome, points=1.0, score=float(outcome == "passed"))
        for k, outcome in enumerate(outcomes)
    )
    report = msgspec.to_builtins(ReportLines(tests=tests))
    version = course.exercise_version("exercise-x")
    Recorder(AttemptLog(log), lambda: now).record(
        "check", "exercise-x", version, score=1.0, max_score=9.0, report=report
    )
