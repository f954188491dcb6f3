"""One course of nbgrader for all tests of it: built, handed out, handed in, graded and handed back once."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Collection
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader_class import (
    ANSWERS,
    BUNDLED,
    LESSON,
    LSTM,
    PARTLY,
    SOLUTION,
    STARTER,
    WRONG,
    Notebook,
    Room,
    attackers,
    by_function,
    members,
)
from nbgrader_commands import Nbgrader, said_by, start

from grader.judge.client.judge import Judge
from grader.judge.submission import read_submission

CLASS = "rnn101"
RELEASED = ("exercise-rnn", LSTM, "exercise-gru")
# what an instructor writes under the config of `course nbgrader build`
OWN_CONFIG = """
c.Exchange.root = {exchange!r}

from nbgrader.plugins import LateSubmissionPlugin

class APointAndAHalf(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.5

c.AssignLatePenalties.plugin_class = APointAndAHalf
"""
# what is the same on all machines of a school
LEARNERS_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = {course!r}
c.Exchange.root = {exchange!r}
"""


class NbgraderCourse:
    """Each step is made when it is first asked for."""

    def __init__(self, place: Path, attackers: Collection[str]) -> None:
        self.place = place  # the class, all homes, the exchange
        self.attackers = attackers
        self.home = place / "instructor"
        self.built = place / "built"  # all notebooks, as they were built
        self.home.mkdir()
        self.nbgrader = Nbgrader(place)

    def __enter__(self) -> NbgraderCourse:
        return self

    def __exit__(self, *_: Any) -> None:
        self.nbgrader.close()

    @cached_property
    def released(self) -> Path:
        """An instructor's directory with the assignment built and generated."""
        building = start(self.home, self.place, "course", "nbgrader", "build", LESSON, "--course-dir", CLASS)
        said, directory = said_by(building), self.place / CLASS
        assert f"Wrote {CLASS}/source/day4/exercise-lstm.ipynb" in said
        assert f"cd {CLASS} && nbgrader generate_assignment day4" in said
        # an instructor may choose notebooks, and a few show all that nbgrader does
        shutil.copytree(directory / "source", self.built)
        for notebook in (directory / "source" / LESSON).glob("*.ipynb"):
            if notebook.stem not in (LESSON, *RELEASED):
                notebook.unlink()
        self.nbgrader(self.home, directory, "generate_assignment", LESSON)
        return directory

    @cached_property
    def room(self) -> Room:
        """Hand out, hand in, collect, grade, and hand the feedback back, with the commands of nbgrader.

        Six learners use the commands; of the attackers the files lie where `collect` puts them.
        """
        released, teaching, home = self.released, self.place, self.home
        exchange, said = teaching / "exchange", {}
        exchange.mkdir()
        exchange.chmod(0o777)
        config = released / "nbgrader_config.py"
        config.write_text(config.read_text() + OWN_CONFIG.format(exchange=str(exchange)))

        def teach(*command: str | Path) -> str:
            return self.nbgrader(home, released, *command)

        def learn(name: str, *command: str) -> str:
            return self.nbgrader(teaching / name, teaching / name, *command)

        class_list = teaching / "class.csv"
        *listed, last = ANSWERS
        class_list.write_text("id,first_name\n" + "".join(f"{name},{name.title()}\n" for name in listed))
        teach("db", "student", "import", class_list)
        teach("db", "student", "add", last, "--first-name", last.title())
        teach("db", "assignment", "add", LESSON, "--duedate", "2099-12-31 23:59:59 UTC")
        # real notebooks in real kernels, while others are at work
        notebooks = [f"{step}/{LESSON}/{LESSON}.ipynb" for step in ("source", "release")]
        instructors = start(home, released, "nbgrader", "validate", *notebooks)
        teach("release_assignment", LESSON)
        for name, learner in members(released).items():
            settings = teaching / name / ".jupyter" / "nbgrader_config.py"
            settings.parent.mkdir(parents=True)
            settings.write_text(LEARNERS_CONFIG.format(course=CLASS, exchange=str(exchange)))
            if name == "ann":
                said["list"] = learn(name, "list")
            learn(name, "fetch_assignment", LESSON)
            folder = teaching / name / LESSON
            handed_in = learner.hand_in(Notebook(folder / f"{LSTM}.ipynb"))
            assert isinstance(handed_in, Notebook)
            handed_in.save()
            Notebook(folder / f"{LESSON}.ipynb").answer(ANSWERS[name]).save()
            for other in ("exercise-rnn", "exercise-gru"):
                if name == "ann":
                    Notebook(folder / f"{other}.ipynb").solve(other).save()
                else:
                    (folder / f"{other}.ipynb").unlink()
            if name != "dan":
                said[f"submit {name}"] = learn(name, "submit", LESSON, "--student", name)
        anns = start(teaching / "ann", teaching / "ann", "nbgrader", "validate", f"{LESSON}/{LSTM}.ipynb")
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        teach("db", "assignment", "add", LESSON, "--duedate", now)
        said["submit dan"] = learn("dan", "submit", LESSON, "--student", "dan")
        said["collect"] = teach("collect", LESSON)
        for name in self.attackers:
            learner = attackers()[name]
            folder = released / "submitted" / name / LESSON
            folder.mkdir(parents=True)
            handed_in = learner.hand_in(Notebook(released / "release" / LESSON / f"{LSTM}.ipynb"))
            text = handed_in if isinstance(handed_in, str) else json.dumps(handed_in.content)
            (folder / f"{LSTM}.ipynb").write_text(text)
            (folder / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
            (folder / "submission_secret.txt").write_text(secrets.token_hex(64))
        seed = 2026
        config.write_text(f"{config.read_text()}\nc.GradeWithJudge.seed = {seed}\n")  # to compare scores
        autograding = start(home, released, "nbgrader", "autograde", LESSON)
        verdicts = self._verdicts(seed)
        said["autograde"] = said_by(autograding)
        teach("generate_feedback", LESSON)
        teach("release_feedback", LESSON)
        for name in ANSWERS:
            said[f"fetch_feedback {name}"] = learn(name, "fetch_feedback", LESSON)
        teach("export", "--to", released / "grades.csv")
        said["validate ann"] = said_by(anns)
        said["validate"] = said_by(instructors)
        return Room([*self.attackers], released, teaching, seed, said, verdicts)

    def _verdicts(self, seed: int) -> dict[str, dict[str, float]]:
        """What `course check` gives for honest code, with the seed of the class: source -> function -> score.

        One judge stays warm for them, the one that the command asks.
        """
        notebook = self.released / "submitted" / "ben" / LESSON / f"{LSTM}.ipynb"
        files = {PARTLY: notebook}
        for number, source in enumerate((SOLUTION, WRONG, STARTER)):
            files[source] = self.place / f"honest{number}.py"
            files[source].write_text(source)
        found: dict[str, dict[str, float]] = {}
        with Judge() as judge:
            for source, file in files.items():
                report = judge.check(BUNDLED, LSTM, read_submission(file), seed)
                found[source] = by_function((test.function, test.score) for test in report.tests)
        return found
