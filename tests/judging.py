"""Small exercises without TensorFlow, and helpers to judge submissions to them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from grader.content.course import Course
from grader.content.exercise import Exercise, Function, Kind
from grader.judge.client.judge import Judge
from grader.judge.jobs import LIMITS, Limits
from grader.judge.report import Report, TestResult
from grader.judge.sandbox.plain import PlainWorkers
from grader.judge.sandbox.sources import Setting
from grader.judge.server.session import Session
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

PATIENT = Limits(load=30, call=30)
HASTY = Limits(load=30, call=1.0)  # for calls that never return
HEAD = "import numpy as np\nimport pytest\nfrom grader.testing import *\n\n"


def exercise_of(functions: Mapping[str, Mapping[str, Kind]]) -> Exercise:
    """Return an exercise with these functions, given as signature -> returned values."""
    promised = tuple(Function(signature=s, text="", returns=dict(r)) for s, r in functions.items())
    return Exercise(id="exercise-x", title="X", lesson="x", text="", functions=promised)


def submission(source: str) -> Submission:
    return Submission("my.py", (Cell("my.py", textwrap.dedent(source)),))


def session(source: str, exercise: Exercise, limits: Limits = PATIENT) -> Session:
    """Return a session for this source whose worker has not started yet."""
    names = tuple(function.name for function in exercise.functions)
    setting = Setting(modules=(), memory=limits.memory, fonts="/nonexistent", hidden=())
    return Session(submission(source), names, PlainWorkers(setting), limits, seed=1)


def write_exercise(
    root: Path, functions: Mapping[str, Mapping[str, str]], solution: str, visible: str, hidden: str
) -> Course:
    """Write a course with one exercise, `exercise-x`, into `root`."""
    directory = root / "exercises" / "exercise-x"
    directory.mkdir(parents=True)
    listed = "".join(
        f'  - {{signature: "{signature}", text: "Do it.", returns: {{{_pairs(returns)}}}, hints: [Think.]}}\n'
        for signature, returns in functions.items()
    )
    head = "id: exercise-x\ntitle: X\nlesson: x\ntext: Words.\nfunctions:\n"
    (directory / "exercise.yaml").write_text(head + listed)
    starter = "\n\n".join(f"def {signature}:\n    raise NotImplementedError" for signature in functions)
    (directory / "starter.py").write_text(starter + "\n")
    (directory / "solution.py").write_text(textwrap.dedent(solution))
    (directory / "visible_tests.py").write_text(HEAD + textwrap.dedent(visible))
    (directory / "hidden_tests.py").write_text(HEAD + textwrap.dedent(hidden))
    return Course(root)


def _pairs(returns: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {kind}" for name, kind in returns.items())


def judged(course: Course, source: str, limits: Limits = LIMITS, seed: int = 1) -> Report:
    """Check a submission to `exercise-x` as `course check` does, without the command line."""
    with Judge() as judge:
        return judge.check(course, "exercise-x", submission(source), seed, limits=limits)


def by_id(report: Report) -> dict[str, TestResult]:
    return {result.id: result for result in report.tests}


def processes_in(directory: Path) -> list[int]:
    """Return the processes whose working directory is in `directory` (Linux)."""
    pids = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink().is_relative_to(directory.resolve()):
                    pids.append(int(entry.name))
    return pids


def wait_until(
    condition: Callable[[], bool], seconds: float = 10, says: Callable[[], object] = lambda: ""
) -> None:
    """Wait for a condition, such as the end of a process. Fail with the text of `says` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"the condition did not become true: {says()}"
        time.sleep(0.02)


def course_command(
    *args: str | Path, cwd: Path, typed: str | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the installed `course` in `cwd`, with its own attempts log there."""
    command = Path(sys.executable).with_name("course")
    kept = {name: value for name, value in os.environ.items() if name != "COURSE_DIR"}
    return subprocess.run(
        [command, *map(str, args)],
        cwd=cwd,
        env=kept | {"COURSE_HOME": str(cwd / "home")} | env,
        stdin=subprocess.DEVNULL if typed is None else None,
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def children(pid: int) -> set[int]:
    """Return the processes that a process has started, in any namespace."""
    pids: set[int] = set()
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            pids |= set(map(int, file.read_text().split()))
    return pids


def descendants(pid: int) -> set[int]:
    """Return the children of a process and their descendants, in any namespace."""
    found = children(pid)
    return found.union(*map(descendants, found))


def cpu_seconds(pid: int) -> float:
    """Return the seconds of user time that a process has used."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return int(fields[11]) / os.sysconf("SC_CLK_TCK")
    return 0.0


def command_of(pid: int) -> str:
    """Return the words of a process's command, separated by zeros, or "" if it has ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    return ""


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
