"""On a full disk, commands say so and leave nothing that looks whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small import write_small_course

SAYS = "No space left on device — free some space, and run the command again"
pytestmark = pytest.mark.skipif(
    shutil.which("bwrap") is None, reason="makes small file systems with bubblewrap"
)


def on_a_small_disk(course: Path, size: int, script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script in an empty directory on a disk with `size` bytes."""
    command = ["bwrap", "--dev-bind", "/", "/", "--perms", "0755", "--size", str(size), "--tmpfs", "/mnt"]
    tool = f'course() {{ "{Path(sys.executable).with_name("course")}" --course "{course}" "$@"; }}; '
    return subprocess.run(
        [*command, "--chdir", "/mnt", "--", "/bin/sh", "-c", tool + script],
        env=os.environ | {"COURSE_HOME": str(course.parent / "home"), "COURSE_WARM": "off"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_a_kit_on_a_full_disk(tmp_path: Path) -> None:
    course = write_small_course(tmp_path / "c")
    done = on_a_small_disk(course, 8192, "course kit kit; echo $?; ls -A")
    assert SAYS in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert done.stdout.split() == ["3"]


def test_a_kit_that_is_replaced_on_a_full_disk_stays(tmp_path: Path) -> None:
    course = write_small_course(tmp_path / "c")
    script = (
        "course kit kit >&2; head -c 40000 /dev/zero > full; course kit kit --force; echo $?; ls -A . kit"
    )
    done = on_a_small_disk(course, 32768, script)
    assert SAYS in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert done.stdout.split() == ["3", ".:", "full", "kit", "kit:", "exercises", "kit.yaml"]


def test_a_wheel_on_a_full_disk(tmp_path: Path) -> None:
    course = write_small_course(tmp_path / "c")
    done = on_a_small_disk(course, 65536, "course kit kit --wheel; echo $?; ls -A")
    assert SAYS in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert done.stdout.split()[-2:] == ["3", "kit"]


def test_starter_code_on_a_full_disk(tmp_path: Path) -> None:
    course = write_small_course(tmp_path / "c")
    script = "head -c 9000 /dev/zero > full 2>/dev/null; course start exercise-x; echo $?; ls -A"
    done = on_a_small_disk(course, 4096, script)
    assert SAYS in done.stderr, done.stderr
    assert done.stdout.split() == ["3", "full"]
