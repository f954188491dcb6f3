"""The judge server that stays in memory: right answers, whatever is killed, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from corpus import sampled
from judging import command_of, descendants, is_running, submission, wait_until
from sound_course import SOLUTION, SoundCourse

from grader.content.course import Course
from grader.judge.client import resident
from grader.judge.client.judge import Cancelled, Judge
from grader.judge.client.resident import (
    Checks,
    memory_of,
    reason_against,
    resident_judges,
    running,
    start_resident,
    stop_residents,
)
from grader.judge.memory import FreeMemory
from grader.judge.report import Report

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a resident judge needs Linux")

EXERCISE = "exercise-x"
WRONG = SOLUTION.replace("* factor", "+ factor")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a private directory for sockets, which has a short path, and for temporary files."""
    with tempfile.TemporaryDirectory(prefix="res-") as directory:
        monkeypatch.setenv("XDG_RUNTIME_DIR", directory)
        monkeypatch.setenv("COURSE_WARM", "5")
        scratch = Path(directory, "tmp")
        scratch.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(scratch))
        monkeypatch.setattr(resident, "NEEDED", 0)
        try:
            yield Path(directory)
        finally:
            stop_residents()


def started(course: Course) -> int:
    """Start a server, wait until it is ready, and return its process id."""
    start_resident(course, EXERCISE)
    assert resident_judges(course) is not None
    [status] = running()
    return status.pid


def has_ended(pid: int) -> bool:
    [*running()]  # the servers that this process has started are its children
    return not is_running(pid)


def verdict(course: Course, source: str = SOLUTION) -> Report:
    with Checks(course) as checks:
        return checks.check(EXERCISE, submission(source), 3)


def test_it_gives_the_verdicts_of_a_judge_that_starts_alone(course: Course) -> None:
    server = started(course)
    with Judge() as alone:
        for source in (SOLUTION, WRONG, "x = 1\n", "import os; os._exit(0)\n", "def scaled(\n"):
            expected = alone.check(course, EXERCISE, submission(source), 3)
            got = verdict(course, source)
            assert (got.tests, got.mistakes, got.environment) == (
                expected.tests,
                expected.mistakes,
                expected.environment,
            )
    assert [status.pid for status in running()] == [server]


def test_checks_at_the_same_time_are_right(course: Course) -> None:
    started(course)
    with ThreadPoolExecutor(4) as threads:
        reports = [*threads.map(lambda source: verdict(course, source), [SOLUTION, WRONG] * 4)]
    assert [report.passed for report in reports] == [True, False] * 4


def test_no_check_shares_a_process_with_another(course: Course) -> None:
    started(course)
    marks = "import sys\nassert not hasattr(sys, 'marked')\nsys.marked = True\n"
    for _ in range(3):
        assert verdict(course, marks + SOLUTION).stopped == ()


def test_it_has_a_spare_judge_that_knows_the_solution(course: Course) -> None:
    server = started(course)
    wait_until(lambda: len(descendants(server)) > 4)
    assert memory_of(server) > 10_000_000
    assert verdict(course).passed


def test_only_one_server_starts(course: Course) -> None:
    for _ in range(5):
        start_resident(course, EXERCISE)
    assert resident_judges(course) is not None
    assert len([*running()]) == 1


def test_an_edited_course_has_another_server(tmp_path: Path) -> None:
    sound = SoundCourse(tmp_path / "course")
    course = Course(sound.root)
    first = started(course)
    file = sound.root / "exercises" / EXERCISE / "hidden_tests.py"
    file.write_text(file.read_text() + "\n# more\n")
    os.utime(file, ns=(time.time_ns(), time.time_ns() + 10**9))
    assert resident_judges(course) is None
    second = started(course)
    assert second != first
    wait_until(lambda: has_ended(first))


@pytest.mark.parametrize("who", sampled({who: who for who in ("server", "zygote", "judge")}, few=["server"]))
def test_what_was_killed_between_checks_is_survived(course: Course, who: str) -> None:
    server = started(course)
    wait_until(lambda: len(descendants(server)) > 4)
    kill(server, who)
    for _ in range(2):
        assert verdict(course).passed


def kill(server: int, who: str) -> None:
    """Kill a process of the server."""
    commands = {pid: command_of(pid) for pid in descendants(server)}
    victims = {
        "server": [server],
        "zygote": [pid for pid, command in commands.items() if "worker.zygote" in command],
        "judge": [pid for pid, command in commands.items() if "server.resident" in command],
    }[who]
    for pid in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("seed", sampled({str(seed): seed for seed in range(6)}, few=["0"]))
def test_kills_at_any_moment_cost_no_verdict(course: Course, seed: int) -> None:
    chance = random.Random(seed)
    server = started(course)
    over = threading.Event()

    def kill_something() -> None:
        time.sleep(chance.uniform(0, 0.6))
        kill(server, chance.choice(["server", "zygote", "judge"]))
        over.set()

    threading.Thread(target=kill_something, daemon=True).start()
    while not over.is_set():
        assert verdict(course).passed
    assert verdict(course).passed


def test_stopping_leaves_nothing(course: Course, place: Path) -> None:
    server = started(course)
    assert verdict(course).passed
    processes = {server, *descendants(server)}
    assert stop_residents() == 1
    wait_until(lambda: all(map(has_ended, processes)))
    assert [*(place / "course-judge").iterdir()] == []
    wait_until(lambda: [*(place / "tmp").iterdir()] == [])
    assert [*running()] == [] and resident_judges(course) is None


def test_a_server_that_is_still_starting_is_stopped(course: Course, place: Path) -> None:
    start_resident(course, EXERCISE)
    assert stop_residents() == 1
    assert [*(place / "course-judge").iterdir()] == [] and resident_judges(course) is None


def test_it_ends_when_nobody_asks(course: Course, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_WARM", "0.1")
    server = started(course)
    wait_until(lambda: has_ended(server), seconds=30)
    assert [*(place / "course-judge").iterdir()] == []


def test_it_ends_when_its_directory_goes(course: Course, place: Path) -> None:
    server = started(course)
    for file in (place / "course-judge").iterdir():
        file.unlink()
    wait_until(lambda: has_ended(server), seconds=30)


def test_where_it_may_not_be_it_is_not(course: Course, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_WARM", "off")
    start_resident(course, EXERCISE)
    assert "COURSE_WARM is off" in reason_against() and [*running()] == []
    monkeypatch.setenv("COURSE_WARM", "5")
    monkeypatch.setattr(resident, "NEEDED", 10**18)
    start_resident(course, EXERCISE)
    assert "free memory, and " in reason_against() and [*running()] == []
    monkeypatch.setattr(resident, "free_memory", lambda: FreeMemory(1_500_000_000, limited=True))
    assert "the memory limit of this container or session leaves 1.5 GB" in reason_against()
    monkeypatch.setattr(resident, "NEEDED", 0)
    (place / "taken").mkdir()
    (place / "taken" / "course-judge").symlink_to("/tmp")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place / "taken"))
    start_resident(course, EXERCISE)
    assert "private directory" in reason_against()
    assert verdict(course).passed  # on a judge of its own


# --- the newest of many checks, as in `course watch` ---


@pytest.fixture(params=["resident", "alone"])
def checks(course: Course, request: pytest.FixtureRequest) -> Iterator[Checks]:
    """Checks whose judge stays: one of the resident server, or one that started alone."""
    if request.param == "resident":
        started(course)
    with Checks(course, cold=request.param == "alone") as checks:
        assert newest(checks) is True
        yield checks


def newest(checks: Checks, source: str = SOLUTION) -> bool | str:
    """Return True if a source passes, or "cancelled"."""
    try:
        return checks.check_newest(EXERCISE, submission(source), 3).passed
    except Cancelled:
        return "cancelled"


SLOW = f"import time\ntime.sleep(30)\n{SOLUTION}"


def judge_of(checks: Checks) -> int:
    judge = checks._kept._judge
    assert judge is not None
    return judge._process.pid


def test_a_kept_judge_is_used_again(checks: Checks) -> None:
    judge = judge_of(checks)
    assert newest(checks, WRONG) is False
    assert judge_of(checks) == judge


def test_of_many_at_once_the_newest_has_a_verdict(checks: Checks) -> None:
    judge = judge_of(checks)
    with ThreadPoolExecutor(4) as threads:
        asked = []
        for source in (SLOW, SLOW, SLOW, SOLUTION):
            asked.append(threads.submit(newest, checks, source))
            time.sleep(0.3)  # in this order
        assert [each.result(20) for each in asked] == ["cancelled"] * 3 + [True]
    assert judge_of(checks) == judge


def test_a_kept_judge_that_is_killed_costs_no_verdict(checks: Checks) -> None:
    os.kill(judge_of(checks), signal.SIGKILL)
    assert newest(checks) is True
    with ThreadPoolExecutor(1) as threads:  # and while it judges
        asked = threads.submit(newest, checks, f"import time\ntime.sleep(2)\n{SOLUTION}")
        time.sleep(1)
        os.kill(judge_of(checks), signal.SIGKILL)
        assert asked.result(30) is True


@pytest.mark.exhaustive
def test_an_old_check_whose_judge_is_killed_does_not_stop_a_newer_one(checks: Checks) -> None:
    with ThreadPoolExecutor(2) as threads:
        older = threads.submit(newest, checks, SLOW)
        time.sleep(0.5)
        newer = threads.submit(newest, checks, f"import time\ntime.sleep(1)\n{SOLUTION}")
        time.sleep(0.3)
        with contextlib.suppress(AssertionError, ProcessLookupError):  # it is being replaced
            os.kill(judge_of(checks), signal.SIGKILL)
        assert (older.result(30), newer.result(30)) == ("cancelled", True)


def test_who_leaves_during_a_check_is_not_kept_waiting(checks: Checks) -> None:
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(newest, checks, SLOW)
        time.sleep(0.5)
        checks.close()
        assert asked.result(20) == "cancelled"


@pytest.mark.exhaustive
def test_an_idle_judge_of_a_watch_keeps_no_spare_from_others(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = started(course)
    with Checks(course) as checks:
        assert newest(checks) is True
        # the judge, its worker, and later the spare judge and its worker
        wait_until(lambda: len(judges_of(server)) > 1, seconds=30)
        assert verdict(course).passed
        assert newest(checks) is True


def judges_of(server: int) -> list[int]:
    return [pid for pid in descendants(server) if "server.resident" in command_of(pid)]
