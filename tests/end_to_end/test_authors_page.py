"""The tutorial for authors, run line by line in an empty directory, down to a learner who uses the course."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from string import ascii_letters
from typing import NamedTuple, Protocol
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from opened import opening

PAGE = (Path(__file__).parents[2] / "docs" / "authors.md").read_text("utf-8")
TUTORIAL = PAGE[PAGE.index("## Your first course") : PAGE.index("## course.yaml")]
BLOCKS = re.findall(r"(?s)^(.*?)```(sh|python)\n(.*?)```$", TUTORIAL, re.MULTILINE)

ENDS = {  # the exit code, and what is printed at last
    "course validate exercise-words": (2, r"\n\nNot proven\. \d+ placeholders are left \(\d+ s\)\."),
    "course validate": (0, r"\nProven\. Nothing is broken \(\d+ s\)\."),
    "course check exercise-words split.py": (1, r"Is there anything in your list that is not a letter\?"),
}


def fill(root: Path) -> None:
    """Replace every placeholder in the YAML of a course by a sentence."""
    for path in root.rglob("*.yaml"):
        first, *others = re.split(r'TODO: [^"\n]+', path.read_text("utf-8"))
        filled = (f"Sentence {ascii_letters[n]}.{each}" for n, each in enumerate(others))
        path.write_text(first + "".join(filled), "utf-8")


class Made(NamedTuple):
    """The course that the tutorial makes, and what its commands print."""

    root: Path
    outputs: dict[str, str]


class Course(Protocol):
    """Run `course` in a directory, as one person does. `chosen` is what COURSE_DIR names."""

    def __call__(
        self, *args: str | Path, here: Path, chosen: Path | None = None, typed: str = ""
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    command = Path(sys.executable).with_name("course")
    kept = {name: value for name, value in os.environ.items() if name != "COURSE_DIR"}
    kept |= {"COURSE_HOME": str(tmp_path_factory.mktemp("home"))}

    def run(
        *args: str | Path, here: Path, chosen: Path | None = None, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *args],
            cwd=here,
            env=kept | ({"COURSE_DIR": str(chosen)} if chosen else {}),
            input=typed,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,  # a busy machine is not a failure
        )

    return run


@pytest.fixture(scope="module")
def made(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Type every command of the tutorial, in an empty directory."""
    here, chosen = tmp_path_factory.mktemp("author"), None
    outputs = {}
    for before, language, text in BLOCKS:
        if language == "python":
            (here / re.findall(r"`([\w/-]+\.py)`", before)[-1]).write_text(text, "utf-8")
            continue
        for line in text.splitlines():
            if line.startswith("cd "):
                here = here / line.removeprefix("cd ")
            elif line.startswith("export "):
                chosen = here
            else:
                if line == "course validate":
                    fill(here)
                typed = "a\nb\nc\n" if line.startswith("course quiz") else ""
                done = course(*shlex.split(line)[1:], here=here, chosen=chosen, typed=typed)
                outputs[line] = done.stdout
                code, says = ENDS.get(line, (0, ""))
                assert done.returncode == code and re.search(says, done.stdout), (
                    f"{line}\n{done.stdout}{done.stderr}"
                )
    return Made(here, outputs)


def test_every_command_does_what_the_page_says(made: Made) -> None:
    outputs = made.outputs
    # what was missing were placeholders, and each mistake is recognized as itself
    whole = outputs["course validate exercise-words"]
    found = re.findall(r"exercise-words/\w+\.\w+:\d+: (.+?)(?: — |\n)", whole.replace("\n  ", " "))
    assert len(found) == 3  # the contract and both files of tests
    assert all(re.fullmatch(r"\d+ placeholders, in lines [\d, …]+", each) for each in found)
    assert all(
        re.search(rf"{name} .* itself", outputs["course validate"])
        for name in ("cuts-at-blanks", "takes-the-last")
    )
    [shown] = [text for line, text in outputs.items() if "takes-the-last" in line]
    assert "longest fails 2 of 3 tests:\n" in shown
    assert json.loads(outputs["course schema exercise"])["title"] == "exercise"
    assert "How many words has" in outputs["course quiz day1"]


def test_the_new_course_asks_about_a_learners_own_code(made: Made, course: Course, tmp_path: Path) -> None:
    whole = shutil.copytree(made.root, tmp_path / "course")
    (whole / "exercises/exercise-words/own_code.py").write_text(OWN_CODE, "utf-8")
    proven = course("validate", "exercise-words", "--seeds", "1", here=tmp_path, chosen=whole)
    assert proven.returncode == 0, proven.stdout
    args = ("check", "exercise-words", made.root / "words.py", "--ask")
    asked = course(*args, here=tmp_path, chosen=whole, typed="a\na\na\n")
    assert asked.returncode == 0 and "Take this call of your code" in asked.stdout, asked.stderr


def test_the_new_course_is_learned_from_a_kit(made: Made, course: Course, tmp_path: Path) -> None:
    learning = course("learn", here=tmp_path, chosen=made.root, typed="q\n")
    assert learning.returncode == 1 and "Counting words" in learning.stdout, learning.stderr
    assert course("kit", "kit", here=tmp_path, chosen=made.root).returncode == 0
    assert not [*(tmp_path / "kit").rglob("hidden_tests.py"), *(tmp_path / "kit").rglob("solution.py")]
    checked = course(
        "check", "exercise-words", made.root / "words.py", here=tmp_path, chosen=tmp_path / "kit"
    )
    assert checked.returncode == 0 and "2 of 2 passed" in checked.stdout, checked.stdout


def test_the_new_course_is_a_page(made: Made, tmp_path: Path) -> None:
    command = str(Path(sys.executable).with_name("course"))
    with opening(command, tmp_path / "home", made.root, here=tmp_path) as opened:
        browser = build_opener(HTTPCookieProcessor())
        with browser.open(opened.address) as first:
            assert "Counting words" in first.read().decode()
        with browser.open(f"http://{opened.host}/exercise/exercise-words") as exercise:
            assert "Return the longest word of" in exercise.read().decode()


def test_the_new_course_grades_a_class(made: Made, course: Course, tmp_path: Path) -> None:
    built = course("nbgrader", "build", "day1", "--course-dir", "class", here=tmp_path, chosen=made.root)
    assert built.returncode == 0, built.stderr
    notebook = next((tmp_path / "class/source").rglob("day1.ipynb"))
    starter = (made.root / "exercises/exercise-words/starter.py").read_text("utf-8")
    solution, split, last = (
        (made.root / f"{name}.py").read_text("utf-8") for name in ("words", "split", "last")
    )
    work = {"ada": solution, "ben": f"{solution}\n\n{split}", "cyd": f"{solution}\n\n{last}", "dan": starter}
    for learner, source in work.items():
        (tmp_path / "work" / learner).mkdir(parents=True)
        (tmp_path / "work" / learner / "exercise_words.py").write_text(source, "utf-8")
    (tmp_path / "work/eve").mkdir()
    (tmp_path / "work/eve/day1.ipynb").write_bytes(notebook.read_bytes())
    graded = course("grade", "work", here=tmp_path, chosen=made.root)
    assert graded.returncode == 0, graded.stdout + graded.stderr
    with (tmp_path / "grades/grades.csv").open(encoding="utf-8") as file:
        points = {row["learner"]: float(row["exercise-words"] or 0) for row in csv.DictReader(file)}
    assert points["ada"] == max(points.values()) > points["ben"] > points["dan"] == points["eve"] == 0
    assert points["ada"] > points["cyd"] > 0
    reported = course("report", "grades", here=tmp_path, chosen=made.root)
    assert reported.returncode == 0 and "ben" in reported.stdout, reported.stderr


OWN_CODE = """
TEXTS = ["One, two.", "A b c. D!", "So it goes, on and on", "Yes"]

CALLS = {"words": lambda rng: (rng.choice(TEXTS),), "longest": lambda rng: (rng.choice(TEXTS),)}
"""
