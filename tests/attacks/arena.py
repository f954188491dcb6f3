"""A course with secrets, files that must not change, and a warm judge that is attacked again and again."""

from __future__ import annotations

import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from judging import descendants, wait_until, write_exercise

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.confinement import Confinement
from grader.judge.jobs import Limits
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

MARKER = "canary-4f1d9c"  # stands in everything that a submission must not read
HIDDEN_NUMBER = 731604.25  # is in the inputs of hidden tests
LIMITS = Limits(load=4, call=3, submission=20, memory=600_000_000)
UNHURRIED = msgspec.structs.replace(LIMITS, load=30, call=30, submission=60)
BEYOND = 15.0  # seconds, for ending what was started
MAX_REPORT = 40_000

FUNCTIONS = {"double(x)": {"y": "array"}, "total(x)": {"s": "float"}, "twice(f, x)": {"y": "float"}}
HONEST = f'''
"""{MARKER}"""
import numpy as np
def double(x):
    return 2 * np.asarray(x)
def total(x):
    return float(np.sum(x))
def twice(f, x):
    return f(f(x))
'''
VISIBLE = '''
    @pytest.mark.points(1, function="double")
    def test_two(learner):
        """Two is four."""
        assert_array_equal(learner.double(np.array([2.0])), [4.0], "It should be 4")
'''
HIDDEN = f'''
    SECRET = "{MARKER}"

    @pytest.mark.points(1, function="double")
    def test_drawn(learner, rng):
        """Any numbers are doubled."""
        x = np.append(rng.normal(size=3), {HIDDEN_NUMBER})
        y = learner.double(x)
        assert np.isfinite(y[3]), "Not all are numbers"
        assert_allclose(y, 2 * x, "Not all are doubled")

    @pytest.mark.points(1, function="total")
    def test_total(learner, rng):
        """The numbers are added."""
        x = np.append(rng.normal(size=3), {HIDDEN_NUMBER})
        assert_allclose(learner.total(x), x.sum(), "It is not the sum")

    @pytest.mark.points(1, function="twice")
    def test_twice(learner, rng):
        """The function is applied twice."""
        a, b = rng.uniform(1, 2, size=2)
        got = learner.twice(lambda v: a * v + b, {HIDDEN_NUMBER})
        assert_allclose(got, a * (a * {HIDDEN_NUMBER} + b) + b, "It is not f(f(x))")
'''


class Attack:
    """A hostile submission, and what its first lines say that it deserves."""

    def __init__(self, path: Path) -> None:
        self.source = path.read_text()
        expected = re.search(r"^# expect: (\d+) of (\d+)$", self.source, re.MULTILINE)
        assert expected is not None, f"{path.name} does not say what it deserves"
        self.score, self.best = map(int, expected.groups())
        outcomes = re.search(r"^# outcomes: (.*)$", self.source, re.MULTILINE)
        pairs = outcomes.group(1).split() if outcomes else []
        self.outcomes = dict(pair.split("=") for pair in pairs)
        # what ends by itself, or by another limit, may take its time on a busy machine
        self.in_time = re.search(r"^# takes its time$", self.source, re.MULTILINE) is None


class Arena:
    """A judge, and everything around it that an attack must leave as it is."""

    def __init__(self, place: Path, judge: Judge, course: Course, honest: str, limits: Limits) -> None:
        self.place = place
        self.judge = judge
        self.course = course
        self.honest = honest
        self.limits = limits
        self.ears = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)]
        self.abstract = f"course-test-{os.getpid()}"
        self.ears[1].bind(f"\0{self.abstract}")
        self.ears[1].listen()
        for ear in self.ears:
            ear.setblocking(False)
        self.greet()
        self.processes = self._settled()
        self.files = self._files()
        self.temporary = self._temporary()

    @property
    def judge_pid(self) -> int:
        return self.judge._process.pid

    def _settled(self) -> int:
        """The number of the judge's processes between two checks."""
        seen = [-1]
        while len(seen) < 10 or len(set(seen[-10:])) > 1:
            time.sleep(0.1)
            seen.append(len(descendants(self.judge_pid)))
        return seen[-1]

    def greet(self) -> None:
        """An honest submission gets full marks; the walls stand."""
        report = self._check(self.honest, self.limits)
        assert report.environment.confinement is Confinement.BUBBLEWRAP
        assert report.passed, report.tests

    def fight(self, attack: Attack) -> Report:
        """Judge an attack; check that it gets what it deserves and harms nothing. Return the report."""
        started = time.monotonic()
        limits = self.limits if attack.in_time else UNHURRIED
        report = self._check(self._aimed(attack.source), limits)
        assert time.monotonic() - started < limits.submission + BEYOND
        got = {test.id: test.outcome.value for test in report.tests}
        assert (report.score, report.max_score) == (attack.score, attack.best), report.tests
        assert got == got | attack.outcomes, report.tests
        self._assert_silent(report)
        self._assert_unharmed()
        self.greet()
        return report

    def _check(self, source: str, limits: Limits) -> Report:
        submission = Submission("my.py", (Cell("my.py", source),))
        return self.judge.check(self.course, "exercise-x", submission, seed=1, limits=limits)

    def _aimed(self, source: str) -> str:
        """Tell the attacker everything that an outsider could find out or guess."""
        known = {
            "MARKER": MARKER,
            "COURSE": self.place / "course",
            "HOME": self.place / "home",
            "OTHER": self.place / "others" / "neighbour.py",
            "PORT": self.ears[0].getsockname()[1],
            "ABSTRACT": self.abstract,
        }
        for name, value in known.items():
            source = source.replace(f"@{name}@", str(value))
        return source

    def _assert_silent(self, report: Report) -> None:
        text = msgspec.json.encode(report).decode()
        assert len(text) < MAX_REPORT
        for secret in (MARKER, str(int(HIDDEN_NUMBER)), str(int(2 * HIDDEN_NUMBER)), "uid=0"):
            assert secret not in text
        assert not re.search(r"\\u00(0[0-8bcef]|1|7f|[89])", text)  # no control character

    def _assert_unharmed(self) -> None:
        # one may be at hand for the next submission, so it is their number that stays
        wait_until(lambda: len(descendants(self.judge_pid)) == self.processes)
        assert self._files() == self.files
        assert self._temporary() == self.temporary
        for ear in self.ears:
            with pytest.raises(BlockingIOError):
                ear.accept()

    def _files(self) -> dict[str, tuple[int, bytes]]:
        parts = (self.place / name for name in ("home", "course", "others", "cache/course/training"))
        paths = (path for part in parts for path in [part, *part.rglob("*")])
        return {str(p): (p.stat().st_mode, p.read_bytes() if p.is_file() else b"") for p in paths}

    def _temporary(self) -> set[Path]:
        return set((self.place / "temporary").rglob("*"))

    def close(self) -> None:
        for ear in self.ears:
            ear.close()


@contextmanager
def arena(
    place: Path, honest: str = HONEST, limits: Limits = LIMITS, course: Course | None = None
) -> Iterator[Arena]:
    """Build everything in `place`, with a fresh judge."""
    secrets = (
        "home/attempts.jsonl",
        "home/.ssh/id",
        "others/neighbour.py",
        "cache/course/training/known-model",
    )
    for name in secrets:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(HONEST)
    (place / "temporary").mkdir()
    course = course or write_exercise(place / "course", FUNCTIONS, HONEST, VISIBLE, HIDDEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(place / "home"))
        patch.setenv("COURSE_HOME", str(place / "home"))
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        patch.setenv("TMPDIR", str(place / "temporary"))
        patch.setenv("ATTACKED", MARKER)
        patch.setattr(tempfile, "tempdir", str(place / "temporary"))
        with Judge() as judge:
            built = Arena(place, judge, course, honest, limits)
            try:
                yield built
            finally:
                built.close()
    assert not list((place / "temporary").iterdir())
