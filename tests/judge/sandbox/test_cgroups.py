"""Control groups are made where the kernel lets them be, and none is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge.sandbox.cgroups import ControlGroups, control_groups


@pytest.fixture
def groups() -> Iterator[ControlGroups]:
    """Yield groups of the real kernel, even if it limits nothing in them."""
    found = control_groups(needed=frozenset())
    if found is None:
        pytest.skip("no control group (v2) can be made here")
    yield found
    assert not list(found.place.glob(f"course-worker-{os.getpid()}-*"))


def test_a_removed_group_ends_its_processes(groups: ControlGroups) -> None:
    group = groups.make(2**30)
    assert group is not None
    with subprocess.Popen(["sleep", "60"]) as sleeping:
        (group.directory / "cgroup.procs").write_text(str(sleeping.pid))
        group.remove()
        assert sleeping.wait(5) != 0
    assert not group.directory.exists()


def test_a_process_without_rights_enters_by_a_descriptor(groups: ControlGroups) -> None:
    group = groups.make(2**30)
    assert group is not None
    entrance = os.open(group.directory / "cgroup.procs", os.O_WRONLY)
    code = f"import os; os.write({entrance}, b'0'); print(open('/proc/self/cgroup').read())"
    user = 65534 if os.getuid() == 0 else None
    done = subprocess.run(
        ["/usr/bin/env", "python3", "-c", code],
        user=user,
        pass_fds=[entrance],
        capture_output=True,
        text=True,
    )
    os.close(entrance)
    group.remove()
    assert group.directory.name in done.stdout, done.stderr


def test_the_groups_of_a_killed_process_are_removed_by_the_next(groups: ControlGroups) -> None:
    code = """
import os, signal
from grader.judge.sandbox.cgroups import control_groups
group = control_groups(needed=frozenset()).make(2**30)
print(group.directory, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    left = Path(done.stdout.strip())
    assert left.is_dir()
    ours = groups.make(2**30)
    assert ours is not None
    (groups.place / "course-worker-x").mkdir()
    groups.clean_up()
    (groups.place / "course-worker-x").rmdir()
    assert not left.exists() and ours.directory.exists()  # its process still runs
    ours.remove()


def test_without_the_controllers_there_are_none(tmp_path: Path) -> None:
    assert control_groups(tmp_path) is None  # no /proc
    assert control_groups(needed=frozenset({"no such controller"})) is None
