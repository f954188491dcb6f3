"""Run the most important attacks again as an ordinary user, whose walls differ from root's.

When this runs as root, bind mounts make files readable that the user needs but cannot
reach, such as a Python in root's home.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from corpus import sampled

from grader.judge.sandbox import walls

CORE = (
    "os_exit_in_call loop_deaf_to_signals daemons memory_shared memory_of_file_systems disk_fill frames proc"
    " walk_the_disk write_files write_everywhere forge_late kill_everyone trace_processes network"
    " leave_the_walls become_root leave_for_the_next_worker tell_the_input semaphores message_queues landlock"
    " page_tables"
).split()
# a worker is ended and bounded; it cannot read or write elsewhere, leave its walls, or reach the next
FEW = (
    "os_exit_in_call daemons memory_shared write_everywhere leave_the_walls leave_for_the_next_worker"
    " semaphores page_tables"
).split()
NOBODY = 65534
HERE = Path(__file__).parent


def opened(paths: Iterable[Path]) -> list[str]:
    """Return bubblewrap options that make these directories reachable for every user."""
    options: list[str] = []
    for path in paths:
        ways = [*reversed(path.parents), path]
        closed = next((way for way in ways if not way.stat().st_mode & 0o001), None)
        if closed is None:
            continue
        if str(closed) not in options:
            options += ["--tmpfs", str(closed)]
        for between in ways[ways.index(closed) + 1 : -1]:
            options += ["--dir", str(between)]
        for shown in path.iterdir() if closed == path else [path]:
            options += ["--bind", str(shown), str(shown)]
    return options


ROOT_ONLY = [
    pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed"),
    pytest.mark.skipif(
        not hasattr(os, "getuid") or os.getuid() != 0, reason="all tests run as an ordinary user"
    ),
]
pytestmark = ROOT_ONLY


@pytest.mark.parametrize("attacks", sampled({"few": FEW, "all": CORE}, few=["few"]))
def test_the_core_of_the_attacks_as_an_ordinary_user(tmp_path: Path, attacks: list[str]) -> None:
    tests = [f"{HERE / 'test_submissions.py'}::test_attack[{name}]" for name in attacks]
    assert f"{len(attacks)} passed" in passed_as_an_ordinary_user(tmp_path, tests)


def test_private_directories_and_what_a_worker_sees_as_an_ordinary_user(tmp_path: Path) -> None:
    tests = [HERE.parent / "test_private.py", HERE / "test_what_a_worker_sees.py"]
    assert "passed" in passed_as_an_ordinary_user(tmp_path, tests)


@pytest.mark.exhaustive
def test_a_hostile_class_as_an_ordinary_user(tmp_path: Path) -> None:
    assert "passed" in passed_as_an_ordinary_user(tmp_path, [HERE / "test_hostile_class.py"])


@pytest.mark.exhaustive
def test_neighbors_as_an_ordinary_user(tmp_path: Path) -> None:
    names = ("test_150_spinning_processes_change_no_score", "test_memory_of_the_kernel_counts")
    tests = [f"{HERE / 'test_neighbors.py'}::{name}" for name in names]
    assert "2 passed" in passed_as_an_ordinary_user(tmp_path, tests)


def passed_as_an_ordinary_user(tmp_path: Path, tests: Iterable[str | Path]) -> str:
    """Run tests as the user nobody and return what pytest prints. Fails if a test does."""
    setpriv = shutil.which("setpriv")
    assert setpriv is not None
    place = tmp_path / "place"
    place.mkdir()
    os.chown(place, NOBODY, NOBODY)
    inside = [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]
    options = [
        "-p",
        "no:cacheprovider",
        "-q",
        "-m",
        "",
        "--basetemp",
        str(place / "base"),
        "-c",
        str(HERE.parents[1] / "pyproject.toml"),
    ]
    needed = [Path(sys.base_prefix), Path(sys.prefix), HERE.parents[1], place]
    walls = ["bwrap", "--die-with-parent", "--cap-add", "ALL", "--dev-bind", "/", "/", *opened(needed)]
    done = subprocess.run(
        [*walls, "--", *inside, sys.executable, "-P", "-m", "pytest", *options, *map(str, tests)],
        cwd=place,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "TMPDIR": str(place),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]
    return done.stdout
