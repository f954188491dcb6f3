"""Hostile submissions on the judge that stays in memory harm neither it nor the next check."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from arena import FUNCTIONS, GENEROUS, HIDDEN, HONEST, LIMITS, VISIBLE, Attack
from judging import descendants, submission, wait_until, write_exercise
from test_submissions import ATTACKS

from grader.content.course import Course
from grader.judge.client import resident
from grader.judge.client.judge import Judge
from grader.judge.client.resident import resident_judges, running, start_resident, stop_residents
from grader.judge.report import Report
from grader.judge.sandbox import walls

pytestmark = pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed")

FEW = (
    "os_exit_in_call memory fork_bomb write_everywhere forge_early kill_everyone"
    " leave_the_walls leave_for_the_next_worker"
).split()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """Yield a course whose judge stays in memory."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="res-") as place:
        patch.setenv("XDG_RUNTIME_DIR", place)
        patch.setenv("COURSE_WARM", "5")
        patch.setattr(resident, "NEEDED", 0)
        root = tmp_path_factory.mktemp("resident") / "course"
        made = write_exercise(root, FUNCTIONS, HONEST, VISIBLE, HIDDEN)
        start_resident(made, "exercise-x")
        try:
            yield made
        finally:
            stop_residents()


def check(course: Course, source: str, in_time: bool = True) -> Report:
    with Judge(resident_judges(course)) as judge:
        limits = LIMITS if in_time else GENEROUS
        return judge.check(course, "exercise-x", submission(source), 1, limits=limits)


@pytest.mark.parametrize("path", [ATTACKS[name] for name in FEW], ids=FEW)
def test_attack(course: Course, path: Path) -> None:
    assert check(course, HONEST).passed
    [before] = running()
    attack = Attack(path)
    report = check(course, attack.source.replace("@PORT@", "9"), attack.in_time)
    assert (report.score, report.max_score) == (attack.score, attack.best), report.tests
    [after] = running()
    assert after.pid == before.pid
    # the server, its zygote behind walls, and a spare judge with a spare worker
    wait_until(lambda: len(descendants(after.pid)) < 12, seconds=30)
    assert check(course, HONEST).passed
