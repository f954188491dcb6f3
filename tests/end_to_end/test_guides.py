"""The guides for instructors, for the page and for JupyterHub: their commands, run in their order."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.content.course import Course

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^(?P<indent> *)```sh\n(?P<text>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL)
CELLS = Course.bundled().root / "exercises" / "exercise-cells"
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,exercise-cells (7)
Points Possible,,,,,14
"Brown, Ada",1,s1,ada,Day,
"Cole, Ben",2,s2,ben,Day,
"""
ESSAYS = f"export COURSE_DIR={Path(__file__).parents[2] / 'examples' / 'text-statistics'}"
ESSAY = "day1-q5: It tells how long a sentence is."
MARK = "sed -i 's/,2,,/,2,2,/' essays.csv"  # two points of two
OPENED = "timeout --signal=INT --preserve-status 15 "

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(sys.platform != "linux", reason="bash and timeout"),
]


class Step(NamedTuple):
    """A command of a guide. `before` is what the guide takes for granted."""

    command: str
    prints: str = ""
    before: str = ""
    prefix: str = ""


GUIDES = {
    "instructors.md": [
        Step("course kit day4-kit --wheel", r"pip install .*kit.*\.whl"),
        Step("course grade submissions/", "exercise-cells: 2 submissions"),
        Step("course report grades/ -o class.html", "Wrote class.html"),
        Step(
            "course export grades grades/ --format canvas --roster roster.csv -o grades.csv",
            "Wrote grades.csv",
        ),
        Step(
            "course grade download.zip --names '(?P<login>[^-]+)-(?P<attempt>[0-9]+)-(?P<file>.+)'",
            "exercise-cells: 1 submission",
            before="mkdir other && cp download.zip other && cd other",
        ),
        Step(
            "course export essays grades/ -o essays.csv",
            "Wrote essays.csv",
            before=f"mkdir essays && cd essays && {ESSAYS} && mkdir -p submissions/ada && echo '{ESSAY}'"
            " > submissions/ada/day1_answers.yaml && course grade submissions/",
        ),
        Step(
            "course grade submissions/ --again --marks essays.csv",
            r"mean 2\.00",
            before=f"{ESSAYS} && {MARK}",
        ),
        Step(
            "course nbgrader build day4 --course-dir rnn101",
            r"Wrote rnn101/source/day4/exercise-lstm\.ipynb",
        ),
        Step("cd rnn101 && nbgrader generate_assignment day4"),
        Step(
            "course nbgrader grades day4 --csv grades.csv",
            "ada",
            before="mkdir -p submitted/ada/day4 && cp release/day4/exercise-cells.ipynb submitted/ada/day4/ "
            "&& nbgrader autograde day4",
        ),
    ],
    "page.md": [
        Step("course open", "Stopped. Your work is saved.", prefix=OPENED),
        Step("course open --no-browser", "Stopped. Your work is saved.", prefix=OPENED),
    ],
    "jupyterhub.md": [
        Step("mkdir -p ~/rnn101", before="mkdir ~/course-env"),
        Step("chmod -R o= ~/rnn101 ~/course-env"),
        Step("course doctor", "Confinement of learner code"),
        Step("course nbgrader build day4 --course-dir ~/rnn101", r"source/day4/exercise-lstm\.ipynb"),
        Step("cd ~/rnn101"),
        Step("nbgrader generate_assignment day4"),
        Step("nbgrader release_assignment day4", before="umask 0"),
        Step(
            "nbgrader collect day4",
            before="(cd ~ && nbgrader fetch_assignment day4 --course rnn101"
            " && nbgrader submit day4 --course rnn101)",
        ),
        Step("nbgrader autograde day4"),
    ],
}


def shown(page: str) -> list[str]:
    """Return the commands in the blocks of a page."""
    text = (DOCS / page).read_text("utf-8")
    lines = [line for block in BLOCK.finditer(text) for line in block["text"].splitlines()]
    return [line.partition(" #")[0].strip() for line in lines]


def prepare(home: Path) -> None:
    """Make what an instructor has: a class of two, a roster, another download, and an exchange directory."""
    solution, starter = ((CELLS / name).read_text("utf-8") for name in ("solution.py", "starter.py"))
    for learner, source in (("ada", solution), ("ben", starter)):
        (home / "submissions" / learner).mkdir(parents=True)
        (home / "submissions" / learner / "exercise_cells.py").write_text(source, "utf-8")
    (home / "roster.csv").write_text(CANVAS, "utf-8")
    with zipfile.ZipFile(home / "download.zip", "w") as file:
        file.writestr("ada-1-exercise_cells.py", solution)
    (home / "exchange").mkdir()
    (home / "exchange").chmod(0o777)
    (home / ".jupyter").mkdir()
    config = f"c = get_config()\nc.Exchange.root = {str(home / 'exchange')!r}\n"
    (home / ".jupyter" / "nbgrader_config.py").write_text(config)


@pytest.mark.parametrize("page", GUIDES)
def test_every_command_of_the_guide_works_as_shown(tmp_path: Path, page: str) -> None:
    steps = GUIDES[page]
    assert shown(page) == [step.command for step in steps]
    if any("nbgrader" in step.command for step in steps):
        pytest.importorskip("nbgrader")
    assert shutil.which("bash")
    prepare(tmp_path)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COURSE_", "JUPYTER"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"HOME": str(tmp_path), "PATH": path, "COURSE_WARM": "off", "BROWSER": "true"}
    here = tmp_path
    for step in steps:
        script = f"{step.before or 'true'} && {{ {step.prefix}{step.command}; }} && pwd > {tmp_path}/here"
        done = subprocess.run(
            ["bash", "-c", script], cwd=here, env=kept | own, capture_output=True, text=True, timeout=600
        )
        printed = done.stdout + done.stderr
        assert done.returncode == 0, f"$ {step.command}\n{printed}"
        assert re.search(step.prints, printed), f"$ {step.command}\n{printed}"
        here = Path((tmp_path / "here").read_text("utf-8").strip())
