"""Clusters: the files that workers receive, and warnings about unencrypted connections."""

from __future__ import annotations

import io
import os
import threading
import zipfile
from pathlib import Path

import pytest
from judging import command_of, descendants, is_running, submission, wait_until
from sound_course import SOLUTION, SoundCourse

pytest.importorskip("distributed", reason="the extra cluster is not installed: pip install '.[cluster]'")

from grader.classroom import cluster
from grader.classroom.cluster import ClusterAnswer, UnpackedCourse, cluster_judges, is_in_the_clear, packed
from grader.content.course import Course
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.client.fork_server import POSSIBLE
from grader.judge.client.pool import Task


@pytest.mark.parametrize(
    ("scheduler", "expected"),
    [
        ("local:4", False),
        ("tcp://127.0.0.1:8786", False),
        ("localhost:8786", False),
        ("tcp://[::1]:8786", False),
        ("tls://grader.example:8786", False),
        ("tcp://grader.example:8786", True),
        ("10.0.0.7:8786", True),
        ("ws://10.0.0.7:8786", True),
    ],
)
def test_unencrypted_connections_are_detected(scheduler: str, expected: bool) -> None:
    assert is_in_the_clear(scheduler) is expected


@pytest.mark.parametrize("scheduler", ["local:", "local:0", "local:many", "local:-1", "local:1000"])
def test_a_local_cluster_needs_a_valid_number_of_workers(scheduler: str) -> None:
    with pytest.raises(CourseError, match="write local:4"), cluster_judges(scheduler, sandbox=True):
        pass


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    said = "no scheduler can be reached at tcp://127.0.0.1:9 .* start one with `dask scheduler`"
    with pytest.raises(EnvironmentProblem, match=said), cluster_judges("tcp://127.0.0.1:9", sandbox=True):
        pass


def test_workers_get_the_exercises_and_nothing_else(tmp_path: Path) -> None:
    course = Course(SoundCourse(tmp_path / "course").root)
    (course.exercise_dir("exercise-x") / "__pycache__").mkdir()
    (course.exercise_dir("exercise-x") / "__pycache__" / "x.pyc").write_bytes(b"x")
    content = packed(course, ["exercise-x"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path / "there")
    there = Course(tmp_path / "there")
    assert [path.name for path in there.root.iterdir()] == ["exercises"]
    assert there.exercise_version("exercise-x") == course.exercise_version("exercise-x")
    assert not list(there.root.rglob("*.pyc"))


def test_the_same_exercises_are_packed_into_the_same_bytes(tmp_path: Path) -> None:
    one, other = (Course(SoundCourse(tmp_path / name).root) for name in ("one", "other"))
    (other.exercise_dir("exercise-x") / "solution.py").touch()
    assert packed(one, ["exercise-x"]) == packed(other, ["exercise-x"])


@pytest.mark.skipif(not POSSIBLE, reason="needs fork and pidfd")
def test_all_threads_of_a_worker_share_one_zygote(tmp_path: Path) -> None:
    others = descendants(os.getpid())
    slow = f"import time\ntime.sleep(1)\n{SOLUTION}"  # slow enough that each thread needs its own judge
    content = packed(Course(SoundCourse(tmp_path / "course").root), ["exercise-x"])
    place = UnpackedCourse(content, str(tmp_path), threads=2)
    answers: list[ClusterAnswer] = []

    def work() -> None:
        answers.append(place.judge(Task("exercise-x", submission(slow), 1)))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.report is not None and answer.report.passed for answer in answers] == [True, True]
    assert place.judges.started == 2
    started = descendants(os.getpid()) - others

    def outer_zygotes() -> set[int]:
        now = descendants(os.getpid()) - others
        zygotes = {pid for pid in now if "grader.judge.worker.zygote" in command_of(pid)}
        # without the processes in a zygote's sandbox, and its workers
        return zygotes - {pid for outer in zygotes for pid in descendants(outer)}

    # the kernel may leave children out of its list while others end
    wait_until(lambda: len(outer_zygotes()) == 1, says=outer_zygotes)
    place.end()
    wait_until(lambda: not any(map(is_running, started)))
    assert [path.name for path in tmp_path.iterdir()] == ["course"]
