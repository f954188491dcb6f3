"""`course learn` at a real terminal, from an empty home to the last section, then progress and review."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from running import Run
from snapshots import assert_snapshot

pytest.importorskip("pexpect")
from tutored import (
    Terminal,
    as_typed,
    right_typed,
    without_lesson_text,
    wrong_typed,
)

from grader.content.course import Course
from grader.progress.attempt import timestamp
from grader.progress.evidence import Contents
from grader.quiz.answer import right_answer
from grader.tutor.sittings import practice_sitting

COURSE = Course.bundled()
SOLUTION = COURSE.exercise_dir("exercise-lstm") / "solution.py"


class Walked(NamedTuple):
    """The home of a learner who finished the lesson, with the terminal's output and the exit codes."""

    home: Path
    output: str
    codes: list[int]


class Learner:
    """A learner who misses a few questions, stops once, solves one exercise and sets the others aside."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.misses = True  # some questions, on purpose
        self._questions = 0
        self._tries = 0
        self._exercise: list[str] = []
        self._sure = iter(["", "3", "1", "2", "3"] * 100)

    def __call__(self, terminal: Terminal, prompt: str) -> str:
        match prompt:
            case "answer":
                return self._answer(terminal)
            case "sure":
                return next(self._sure)
            case "exercise":
                return self._work(terminal)
            case _:
                return ""

    def _answer(self, terminal: Terminal) -> str:
        if terminal.is_about_code:
            return "s"
        before = terminal.output.count("\nQuestion on ") + terminal.output.count("\nAnother question on ")
        self._tries = self._tries + 1 if before == self._questions else 1
        self._questions = before
        match before if self.misses else -1, self._tries:
            case (2 | 9 | 11, 1):
                return wrong_typed(COURSE, terminal, "day4")
            case (4, 1):
                return "h"
            case (6, 1):
                return "s"
            case (13, 1):
                return "q"
        return right_typed(COURSE, terminal, "day4")

    def _work(self, terminal: Terminal) -> str:
        exercise = terminal.output.rpartition("Exercise: ")[2].partition("\n")[0]
        if "sine" not in exercise:
            return "s"
        self._exercise.append(exercise)
        match len(self._exercise):
            case 3:
                return "h"
            case 4:
                shutil.copy(SOLUTION, self._place / "exercise_lstm.py")
        return ""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    import sys

    place = tmp_path_factory.mktemp("learner")
    inherited = {
        k: v for k, v in os.environ.items() if k not in ("COLUMNS", "COURSE_CONFIDENCE", "COURSE_DIR")
    }
    environment = inherited | {"COURSE_HOME": str(place / "home"), "COURSE_PLAIN": "1", "TERM": "xterm"}
    command = str(Path(sys.executable).with_name("course"))
    output, codes = "", []
    for learner in (Learner(place), Learner(place)):
        if output:
            learner.misses = False
        terminal = Terminal(command, environment, place, "learn", "day4")
        codes.append(terminal.run(learner))
        output += f"$ course learn day4\n{terminal.output}\n"
    yield Walked(place / "home", output, codes)


def test_the_whole_walk_through_the_lesson_matches_its_snapshot(walked: Walked) -> None:
    assert walked.codes == [1, 0]
    shown = without_lesson_text(walked.output)
    assert "[its text]" in shown and "Dog bites" not in shown
    shown = "\n".join(line.rstrip() for line in shown.split("\n") if not line.startswith("Confinement: "))
    assert_snapshot("learn-day4", shown.strip())


def test_the_walk_ends_with_every_concept_mastered(walked: Walked, run: Run) -> None:
    progress = standing(run, walked.home)
    lesson = COURSE.lesson("day4")
    assert [concept["id"] for concept in progress["concepts"]] == [concept.id for concept in lesson.concepts]
    assert all(concept["mastered"] for concept in progress["concepts"])
    assert "You have mastered every concept of this lesson." in " ".join(walked.output.split())


def test_the_quiz_is_taken_along_the_way(walked: Walked, run: Run) -> None:
    (quiz,) = standing(run, walked.home)["quizzes"]
    assert (quiz["sittings"], quiz["open_questions"]) == (1, 0)
    assert 3 <= quiz["best"] < quiz["max_score"]


def test_exercises_are_passed_or_set_aside(walked: Walked, run: Run) -> None:
    exercises = {each["id"]: each for each in standing(run, walked.home)["exercises"]}
    assert [id_ for id_, each in exercises.items() if each["passed"]] == ["exercise-lstm"]
    assert exercises["exercise-lstm"]["best"] == exercises["exercise-lstm"]["max_score"]


def test_progress_shows_misconceptions_and_confidence(walked: Walked, run: Run) -> None:
    progress = standing(run, walked.home)
    assert {each["confidence"] for each in progress["confidence"]} == {"high", "medium", "low"}
    assert progress["misconceptions"] and all(met["mended"] for met in progress["misconceptions"])
    output = run("progress", env={"COURSE_HOME": str(walked.home)}).stdout
    assert "How sure you were" in output and "corrected since" in output and ", mastered" in output


def test_nothing_is_due_on_the_same_day(walked: Walked, run: Run) -> None:
    done = run("review", env={"COURSE_HOME": str(walked.home)})
    assert done.returncode == 0
    assert "Nothing is due now. The next question is due on " in done.stdout


def test_days_later_missed_questions_are_due_first(walked: Walked, run: Run, tmp_path: Path) -> None:
    later = {"COURSE_HOME": str(tmp_path / "later")}
    move_the_clock(run, walked.home, later, days=2)
    plan = json.loads(run("review", "--json", env=later).stdout)
    missed = {
        attempt["item"]
        for attempt in exported(run, walked.home)
        if attempt.get("first_try") and not attempt["correct"]
    }
    assert plan["due"] >= 3
    assert plan["questions"][0]["question"] in missed | {"day4-p-shared-gradient"}
    assert plan["questions"] == sorted(plan["questions"], key=lambda each: (each["due"], each["question"]))


def test_a_review_at_a_terminal_asks_the_due_questions(
    walked: Walked, run: Run, tmp_path: Path, command: str, environment: dict[str, str]
) -> None:
    later = environment | {"COURSE_HOME": str(tmp_path / "later"), "NO_COLOR": "1"}
    move_the_clock(run, walked.home, later, days=40)
    before = json.loads(run("review", "--json", env=later).stdout)
    terminal = Terminal(command, later, tmp_path, "review", "--count", "3")
    code = terminal.run(lambda terminal, prompt: "3" if prompt == "sure" else _reviewed(terminal, before))
    assert code == 1  # more is due
    assert "Review 3 of 3" in terminal.output and terminal.output.count("Right.") == 3
    after = json.loads(run("review", "--json", env=later).stdout)
    assert after["due"] == before["due"] - 3
    assert "questions are due" in " ".join(run("progress", env=later).stdout.split())
    assert "course review" in run(env=later).stdout  # `course` alone says so too


def test_an_exported_log_gives_the_identical_plan(walked: Walked, run: Run, tmp_path: Path) -> None:
    other = {"COURSE_HOME": str(tmp_path / "other")}
    move_the_clock(run, walked.home, other, days=0)
    plans = [run("review", "--json", env=env).stdout for env in ({"COURSE_HOME": str(walked.home)}, other)]
    assert plans[0] == plans[1]
    standings = [standing(run, Path(env)) for env in (walked.home, tmp_path / "other")]
    assert standings[0] == standings[1]


def _reviewed(terminal: Terminal, plan: dict[str, list[dict[str, str]]]) -> str:
    """Return the right answer to the current question."""
    number = int(re.findall(r"Review (\d) of 3", terminal.output)[-1])
    question = Contents.of(COURSE).questions[plan["questions"][number - 1]["question"]]
    logged = practice_sitting(question, "day4", terminal.attempts())
    asked = logged.sitting.quiz.questions[0]
    return as_typed(logged, asked, right_answer(asked))


def standing(run: Run, home: Path) -> dict[str, list[dict[str, object]]]:
    progress: dict[str, list[dict[str, object]]] = json.loads(
        run("progress", "--json", env={"COURSE_HOME": str(home)}).stdout
    )
    return progress


def exported(run: Run, home: Path) -> list[dict[str, str]]:
    lines = run("progress", "--export", "-", env={"COURSE_HOME": str(home)}).stdout.splitlines()
    return [json.loads(line) for line in lines]


def move_the_clock(run: Run, home: Path, later: dict[str, str], days: int) -> None:
    """Copy the log into another home as if this many days had passed."""
    moved = []
    for attempt in exported(run, home):
        moment = datetime.fromisoformat(attempt["time"]) - timedelta(days=days)
        moved.append(json.dumps(attempt | {"time": timestamp(moment)}))
    done = run("progress", "--import", "-", input="\n".join(moved), env=later)
    assert isinstance(done, subprocess.CompletedProcess) and done.returncode == 0
