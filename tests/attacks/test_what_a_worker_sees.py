"""Workers see the libraries of Python and nothing beside them, wherever the class and the environment lie."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from judging import write_exercise

import grader
from grader.judge.sandbox import walls

pytestmark = pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed")

RIGHT = "def double(x):\n    return 2 * x\n"
HIDDEN = '''
    @pytest.mark.points(4, function="double")
    def test_two(learner):
        """Two is four."""
        assert learner.double(2) == 4, "It should be 4"
'''
MAIN = "import sys; from grader.cli import main; sys.exit(main())"
# looks for a neighbor's file in every directory that the worker can list, and runs it
THIEF = """
import os
for directory, _, files in os.walk("/"):
    if directory.startswith(("/usr", "/proc", "/dev")):
        continue
    if "exercise_x.py" in files or "results.jsonl" in files or "class-secrets.db" in files:
        path = os.path.join(directory, "exercise_x.py")
        if os.path.exists(path):
            exec(open(path).read())
        else:
            raise SystemExit("SEEN " + directory)
"""


def environment_in(directory: Path) -> Path:
    """Make a virtual environment as `python -m venv .` does, with these packages; return its Python."""
    venv.create(directory, with_pip=False, symlinks=True)
    (site,) = directory.glob("lib/*/site-packages")
    packages = [path for path in sys.path if Path(path).name == "site-packages"]
    (site / "borrowed.pth").write_text("\n".join([*packages, str(Path(grader.__file__).parents[1])]))
    return directory / "bin" / "python"


@pytest.mark.parametrize("place", [pytest.param(".", marks=pytest.mark.exhaustive), "submissions"])
def test_an_environment_around_the_class_shows_nothing_of_it(tmp_path: Path, place: str) -> None:
    """Attack: the instructor runs `python -m venv .` where the submissions are."""
    tmp_path.chmod(0o755)  # as most directories are
    course = write_exercise(tmp_path / "my-course", {"double(x)": {"y": "int"}}, RIGHT, "", HIDDEN).root
    (tmp_path / "class-secrets.db").write_text("secret")
    for learner, source in (("ada", RIGHT), ("eve", THIEF)):
        (tmp_path / "submissions" / learner).mkdir(parents=True)
        (tmp_path / "submissions" / learner / "exercise_x.py").write_text(source)
    python = environment_in(tmp_path / place)
    done = subprocess.run(
        [
            python,
            "-P",
            "-c",
            MAIN,
            "--course",
            course,
            "grade",
            "submissions",
            "--output",
            "out",
            "--jobs",
            "1",
        ],
        cwd=tmp_path,
        env=os.environ | {"COURSE_HOME": str(tmp_path / "home"), "COURSE_WARM": "off"},
        capture_output=True,
        text=True,
        timeout=150,
    )
    lines = (tmp_path / "out/results.jsonl").read_text().splitlines()
    results = {result["learner"]: result for result in map(json.loads, lines)}
    assert results["ada"]["report"]["score"] == 4, done.stdout + done.stderr
    assert results["eve"]["report"]["score"] == 0
    assert "SEEN" not in json.dumps(results["eve"])


def test_work_below_usr_is_not_shown() -> None:
    """Attack: many containers work in /usr/src/app, and nbgrader's exchange is in /usr/local."""
    (wall, *_) = (wall for wall in walls.walls() if wall.confinement.walled)
    command = wall.command({"PATH": os.environ["PATH"]}, (), ())
    seen = subprocess.run(
        [*command, "/bin/sh", "-c", "ls /usr /usr/local /usr/local/share"], capture_output=True
    )
    assert seen.returncode == 0, seen.stderr
    assert not {b"src", b"nbgrader", b"jupyter", b"include", b"games"} & set(seen.stdout.split())


def test_a_python_that_is_reached_through_links_still_starts(tmp_path: Path) -> None:
    (tmp_path / "opt").mkdir()
    (tmp_path / "opt" / "python").symlink_to(Path(sys.executable).resolve())
    (tmp_path / "python3").symlink_to("opt/python")
    program, links = walls._program(tmp_path / "python3")
    assert program == str(Path(sys.executable).resolve())
    assert links[str(tmp_path / "python3")] == "opt/python"


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert len(walls._program(tmp_path / "a")[1]) == 2
