"""In a container without bubblewrap, as root: each worker is another user, who cannot read the course.

This is Gradescope's case. The attack tries all that a user without privileges may not do.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from judging import write_exercise
from test_ordinary_user import opened

from grader.judge.worker import other_user

pytestmark = [
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="makes directories reachable with bubblewrap"),
    pytest.mark.skipif(
        not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become another user"
    ),
]
SOLUTION = "def attack(root):\n    return []\n\ndef leave(root):\n    return []\n"
TESTS = '''
    @pytest.mark.points(3, function="attack")
    def test_attack(learner):
        """The attack fails."""
        done = learner.attack("ROOT")
        assert done == [], f"it could {done}"

    @pytest.mark.points(1, function="leave")
    def test_leave(learner):
        """Nothing is left behind."""
        done = learner.leave("ROOT")
        assert done == [], f"it found {done}"
'''
ATTACK = """
import glob, os, signal, subprocess

def attack(root):
    done = []
    def attempt(name, action):
        try:
            action()
        except Exception:
            return
        done.append(name)
    attempt("list the course", lambda: os.listdir(root + "/source"))
    tests = root + "/source/course/exercises/exercise-x/hidden_tests.py"
    attempt("read a hidden test", lambda: open(tests).read())
    attempt("list the submission", lambda: os.listdir(root + "/submission"))
    attempt("write results", lambda: open(root + "/results/results.json", "w"))
    attempt("link results", lambda: os.symlink("/etc/passwd", root + "/results/results.json"))
    attempt("become root", lambda: os.setuid(0))
    attempt("become another user", lambda: os.setuid(os.getuid() + 1))
    attempt("use sudo", lambda: subprocess.run(["su", "-c", "id"], check=True, stdin=subprocess.DEVNULL))
    attempt("write to the system", lambda: open("/etc/own", "w"))
    attempt("read shadow", lambda: open("/etc/shadow").read())
    attempt("be in a group", lambda: 1 / (0 in os.getgroups() or os.getgid() == 0))
    attempt("make a namespace", lambda: os.unshare(0x10000000) if hasattr(os, "unshare") else 1 / 0)
    own = {os.getpid()}
    for path in glob.glob("/proc/[0-9]*"):
        pid = int(path.rpartition("/")[2])
        if pid not in own:
            attempt(f"signal {pid}", lambda: os.kill(pid, 0))
            attempt(f"read the environment of {pid}", lambda: open(path + "/environ").read())
            attempt(f"read the memory of {pid}", lambda: open(path + "/mem", "rb"))
            attempt(f"read the directory of {pid}", lambda: os.listdir(path + "/cwd"))
    attempt("list other homes", lambda: os.listdir(".."))
    attempt("write into the parent", lambda: open("../log", "w"))
    return done

def leave(root):
    # a process that leaves its group and its parent, and a home full of files
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for descriptor in range(100):
                try:
                    os.close(descriptor)
                except OSError:
                    pass
            signal.pause()
        os._exit(0)
    open("mine", "w").write("x")
    if os.environ["HOME"] != os.getcwd() or not os.access(os.environ["TMPDIR"], os.W_OK):
        return ["no home"]
    return []
"""


def gradescope(root: Path, submission: str, reachable: bool = True) -> dict[str, Any]:
    """Grade a submission as Gradescope does, in a container without bubblewrap."""
    tests = TESTS.replace("ROOT", str(root))
    functions = {"attack(root)": {"done": "list"}, "leave(root)": {"done": "list"}}
    write_exercise(root / "source/course", functions, SOLUTION, tests, "")
    return run(root, "exercise-x", submission, reachable)


def run(root: Path, exercise: str, submission: str, reachable: bool = True) -> dict[str, Any]:
    """Run the autograder of an exercise whose course is already there."""
    config = {"exercise": exercise, "seed": 1, "sandbox": False}
    (root / "source/autograder.json").write_text(json.dumps(config))
    (root / "submission").mkdir()
    (root / "submission" / f"{exercise.replace('-', '_')}.py").write_text(submission)
    (root / "results").mkdir()
    (root / "results").chmod(0o777)
    needed = [Path(sys.base_prefix), Path(sys.prefix), Path(__file__).parents[2], root] if reachable else []
    bwrap = [shutil.which("bwrap") or "", "--die-with-parent", "--cap-add", "ALL"]
    command = [*bwrap, "--dev-bind", "/", "/", *opened(needed)]
    empty = root.parent / "empty"  # of programs
    empty.mkdir()
    done = subprocess.run(
        [*command, "--", sys.executable, "-P", "-m", "grader.classroom.exports.gradescope_run", str(root)],
        env={"PATH": str(empty), "HOME": str(root.parent), "PYTHONPATH": ""},
        cwd=root.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr
    results: dict[str, Any] = json.loads((root / "results/results.json").read_text())
    return results


def processes_of_workers() -> list[int]:
    """Return the processes of the users that workers may have."""
    return [
        int(path.name)
        for path in Path("/proc").iterdir()
        if path.name.isdigit() and path.exists() and 61184 <= path.stat().st_uid < 65520
    ]


def test_the_worker_can_do_nothing_that_another_user_cannot(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    found = gradescope(tmp_path / "autograder", ATTACK)
    assert [test["output"] for test in found["tests"]] == ["", ""], found
    assert found["score"] == 4
    assert found["extra_data"]["confinement"] == "none: a separate process of another user"
    assert "unconfined" in found["output"]
    assert (tmp_path / "autograder/source").stat().st_mode & 0o777 == 0o700
    assert processes_of_workers() == []


def test_where_another_user_cannot_read_python_the_report_says_so(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    if Path(sys.base_prefix).resolve().parts[1] != "root":
        pytest.skip("every user can reach this Python")
    found = gradescope(tmp_path / "closed/autograder", SOLUTION, reachable=False)
    assert found["score"] == 4
    assert found["extra_data"]["confinement"] == "none: a separate process"


@pytest.mark.exhaustive
def test_models_and_figures_work_as_another_user(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    exercise = Path(__file__).parents[2] / "exercises" / "exercise-lstm"
    shutil.copytree(exercise, tmp_path / "autograder/source/course/exercises/exercise-lstm")
    found = run(tmp_path / "autograder", "exercise-lstm", (exercise / "solution.py").read_text())
    assert found["score"] == 16
    assert found["extra_data"]["confinement"] == "none: a separate process of another user"


def test_the_end_of_one_user_s_processes_is_not_the_end_of_another_s() -> None:
    ours, other = other_user.FIRST, other_user.FIRST + 1
    sleeping = {user: subprocess.Popen(["sleep", "60"], user=user, cwd="/") for user in (ours, other)}
    try:
        assert not {ours, other} & {other_user.free_user() for _ in range(50)}
        other_user.end_all(ours)
        assert sleeping[ours].wait(10) == -9
        assert sleeping[other].poll() is None
    finally:
        for process in sleeping.values():
            process.kill()
            process.wait()
