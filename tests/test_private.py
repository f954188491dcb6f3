"""A private directory is this user's alone, or it is refused with a remedy."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from judging import course_command, write_exercise
from sound_course import SoundCourse

from grader.cli import cli
from grader.errors import EnvironmentProblem
from grader.judge.client import launch
from grader.judge.client.launch import cache_dir
from grader.private import open_to_others, private_directory

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows has no owners and modes")
as_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give away")
NOBODY = 65534
REMEDY = "delete it"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "course"


def test_a_new_directory_is_private(place: Path) -> None:
    assert private_directory(place, REMEDY) == place
    assert place.stat().st_mode & 0o777 == 0o700


def test_one_that_others_could_read_is_closed_and_keeps_its_files(place: Path) -> None:
    place.mkdir(parents=True, mode=0o755)
    (place / "entry").write_text("mine")
    private_directory(place, REMEDY)
    assert place.stat().st_mode & 0o777 == 0o700
    assert (place / "entry").read_text() == "mine"


def test_one_that_others_could_write_to_is_closed_and_emptied(place: Path, tmp_path: Path) -> None:
    """Attack: a group-writable cache, as with umask 002, already holds a forged verdict."""
    (place / "verdicts").mkdir(parents=True)
    (place / "verdicts" / "forged").write_text("4 of 4")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("not to be deleted")
    (place / "link").symlink_to(tmp_path / "mine")
    place.chmod(0o775)
    private_directory(place, REMEDY)
    assert place.stat().st_mode & 0o777 == 0o700
    assert [*place.iterdir()] == []
    assert (tmp_path / "mine" / "file").exists()


def test_a_link_is_refused(place: Path, tmp_path: Path) -> None:
    place.parent.mkdir()
    place.symlink_to(tmp_path)
    with pytest.raises(EnvironmentProblem, match="it is a link — delete it"):
        private_directory(place, REMEDY)


def test_a_file_in_the_way_is_refused(place: Path) -> None:
    place.parent.mkdir()
    place.write_text("")
    with pytest.raises(EnvironmentProblem, match="delete it"):
        private_directory(place, REMEDY)


def test_one_that_every_user_could_replace_is_refused(place: Path) -> None:
    """Attack: the directory is ours, but its parent is open to all and has no sticky bit."""
    place.mkdir(parents=True, mode=0o700)
    place.parent.chmod(0o777)
    with pytest.raises(EnvironmentProblem, match="every user can replace"):
        private_directory(place, REMEDY)
    place.parent.chmod(0o1777)
    assert private_directory(place, REMEDY) == place


@as_root
@pytest.mark.parametrize("mode", [0o700, 0o777])
def test_one_of_another_user_is_refused(place: Path, mode: int) -> None:
    place.mkdir(parents=True)
    place.chmod(mode)
    os.chown(place, NOBODY, NOBODY)
    with pytest.raises(EnvironmentProblem, match="it belongs to another user"):
        private_directory(place, REMEDY)


def test_the_cache_is_private_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack: without a home directory, the cache is in /tmp, under a name that others can take first."""
    (tmp_path / "file").write_text("")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(launch.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    found = cache_dir()
    assert found.parent == tmp_path / "tmp" and found.stat().st_mode & 0o777 == 0o700
    found.rmdir()
    found.symlink_to(tmp_path)
    with pytest.raises(EnvironmentProblem, match="XDG_CACHE_HOME"):
        cache_dir()


@as_root
def test_nothing_is_judged_with_the_cache_of_another_user(tmp_path: Path) -> None:
    """Attack: `sudo course` in the home directory of someone who has forged verdicts there."""
    solution = "def double(x):\n    return 2 * x\n"
    write_exercise(tmp_path / "c", {"double(x)": {"y": "int"}}, solution, "", "")
    (tmp_path / "exercise_x.py").write_text(solution)
    (tmp_path / "home-of-eve" / "course").mkdir(parents=True)
    os.chown(tmp_path / "home-of-eve" / "course", NOBODY, NOBODY)
    cache = str(tmp_path / "home-of-eve")
    runtime = str(tmp_path / "none")
    args = ["--course", "c", "check", "exercise-x", "exercise_x.py"]
    done = course_command(*args, cwd=tmp_path, XDG_CACHE_HOME=cache, XDG_RUNTIME_DIR=runtime)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "it belongs to another user" in done.stderr and "set XDG_CACHE_HOME" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("directory", "file", "is_open"), [(0o755, 0o644, True), (0o700, 0o644, False), (0o755, 0o600, False)]
)
def test_a_file_is_open_to_others_if_each_directory_lets_them_pass(
    directory: int, file: int, is_open: bool
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as base:  # where everybody may pass; `tmp_path` is closed
        Path(base).chmod(directory)
        path = Path(base, "hidden_tests.py")
        path.touch()
        path.chmod(file)
        assert open_to_others(path) == is_open


def test_doctor_tells_who_can_read_the_hidden_tests(tmp_path: Path) -> None:
    says = "every user of this machine can read them"
    with tempfile.TemporaryDirectory(dir="/tmp") as base:
        root = SoundCourse(Path(base, "course")).root
        Path(base).chmod(0o755)
        assert says in course_command("--course", root, "doctor", cwd=tmp_path).stdout
        Path(base).chmod(0o700)
        assert says not in course_command("--course", root, "doctor", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("accounts", "says"),
    [
        (1, "\nBefore learners get accounts on this machine: chmod -R o= "),
        (3, "\nTo do: 3 people have accounts"),
    ],
)
def test_doctor_does_not_say_nothing_to_do_below_readable_tests(
    monkeypatch: pytest.MonkeyPatch, accounts: int, says: str
) -> None:
    monkeypatch.setattr("grader.cli.doctor._accounts", lambda: accounts)
    with tempfile.TemporaryDirectory(dir="/tmp") as base:
        root = SoundCourse(Path(base, "course")).root
        Path(base).chmod(0o755)
        told = CliRunner().invoke(cli, ["--course", str(root), "doctor"]).output
    assert says in told
    assert "Nothing to do" not in told
