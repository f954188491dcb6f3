"""Free memory: that of the machine, or what a limit on this process's control group leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.judge.memory import FreeMemory, free_memory

GB = 1_000_000_000
MACHINE = FreeMemory(8_000_000 * 1024, limited=False)
V2 = "30 23 0:26 {root} /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = "33 25 0:29 {root} /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n"
CPU = "32 25 0:28 / /sys/fs/cgroup/cpu rw shared:8 - cgroup cgroup rw,cpu\n"


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A directory with the files of a machine that has 8 GB free and no control groups."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text("MemTotal: 16000000 kB\nMemAvailable: 8000000 kB\n")
    return tmp_path


def lives_in(system: Path, groups: str, mounts: str) -> None:
    (system / "proc/self/cgroup").write_text(groups)
    (system / "proc/self/mountinfo").write_text("21 1 8:1 / / rw - ext4 /dev/sda rw\n" + mounts)


def group(system: Path, path: str, **files: object) -> None:
    """Write the files of a control group; _ stands for the dot in a name."""
    directory = system / "sys/fs/cgroup" / path
    directory.mkdir(parents=True, exist_ok=True)
    for name, value in ({"memory_stat": "anon 5"} | files).items():
        (directory / name.replace("_", ".", 1)).write_text(f"{value}\n")


def test_without_groups_it_is_the_machine_s(system: Path) -> None:
    assert free_memory(system) == MACHINE


def test_a_system_that_does_not_tell_has_none(tmp_path: Path) -> None:
    assert free_memory(tmp_path) is None


@pytest.mark.parametrize("limited", ["user.slice/notebook", "user.slice"])
def test_the_limit_of_the_own_group_or_of_one_around_it_counts(system: Path, limited: str) -> None:
    lives_in(system, "0::/user.slice/notebook\n", V2.format(root="/"))
    group(system, "")
    for path in ("user.slice", "user.slice/notebook"):
        group(system, path, memory_max=2 * GB if path == limited else "max", memory_current=GB)
    assert free_memory(system) == FreeMemory(GB, limited=True)


def test_the_limit_of_another_group_does_not_count(system: Path) -> None:
    lives_in(system, "0::/a\n", V2.format(root="/"))
    group(system, "a", memory_max="max", memory_current=GB)
    group(system, "b", memory_max=GB, memory_current=GB)
    assert free_memory(system) == MACHINE


def test_the_limit_above_which_a_group_is_slowed_down_counts(system: Path) -> None:
    lives_in(system, "0::/a\n", V2.format(root="/"))
    group(system, "a", memory_max=6 * GB, memory_high=2 * GB, memory_current=GB)
    assert free_memory(system) == FreeMemory(GB, limited=True)


def test_cached_files_are_free(system: Path) -> None:
    lives_in(system, "0::/a\n", V2.format(root="/"))
    group(system, "a", memory_max=2 * GB, memory_current=2 * GB, memory_stat=f"anon 5\ninactive_file {GB}")
    assert free_memory(system) == FreeMemory(GB, limited=True)


@pytest.mark.parametrize(
    ("root", "path"),
    [("/docker/c1", "/docker/c1"), ("/", "/"), ("/docker/c1", "/"), ("/", "/../c2")],
    ids=["own mount", "own namespace", "foreign mount", "outside the namespace"],
)
def test_in_a_container_the_mount_is_its_group(system: Path, root: str, path: str) -> None:
    lives_in(system, f"0::{path}\n", V2.format(root=root))
    group(system, "", memory_max=3 * GB, memory_current=GB)
    assert free_memory(system) == FreeMemory(2 * GB, limited=True)


def test_version_1_has_a_tree_for_memory_alone(system: Path) -> None:
    lives_in(system, "9:cpu:/x\n4:memory:/jobs/one\n0::/\n", CPU + V1.format(root="/"))
    stat = f"inactive_file 1\ntotal_inactive_file {GB}"
    none = 2**63 - 4096  # no limit
    group(system, "memory/jobs/one", memory_limit_in_bytes=none, memory_usage_in_bytes=5, memory_stat=stat)
    group(system, "memory/jobs", memory_limit_in_bytes=4 * GB, memory_usage_in_bytes=3 * GB, memory_stat=stat)
    assert free_memory(system) == FreeMemory(2 * GB, limited=True)


def test_a_real_group_is_read(tmp_path: Path) -> None:
    """Make a group with a limit, if this machine lets us, and ask a process in it."""
    parent = Path("/sys/fs/cgroup/memory")
    limit, members = "memory.limit_in_bytes", "cgroup.procs"
    if not (parent / limit).exists():
        parent, limit = Path("/sys/fs/cgroup"), "memory.max"
    made = parent / f"course-test-{tmp_path.name}"
    try:
        made.mkdir()
    except OSError:
        pytest.skip("control groups cannot be made here")
    try:
        try:
            (made / limit).write_text(str(GB))
        except OSError:
            pytest.skip("memory cannot be limited here")
        code = (
            "import os, pathlib, sys; pathlib.Path(sys.argv[1]).write_text(str(os.getpid()));"
            "from grader.judge.memory import free_memory; print(free_memory())"
        )
        command = [sys.executable, "-c", code, str(made / members)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    finally:
        made.rmdir()
    assert "limited=True" in told
    assert 0.5 * GB < int(told.partition("size=")[2].partition(",")[0]) < GB
