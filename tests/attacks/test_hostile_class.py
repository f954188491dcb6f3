"""A small class in which almost everybody attacks, graded by the real commands.

Each attack is one learner's, and has an ending: the score, and what is said about it. Ada and Zoe are
honest. What is written about the class is harmless to terminals, browsers and spreadsheets.
"""

from __future__ import annotations

import csv
import json
import os
import random
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from judging import course_command
from sound_course import SOLUTION, SoundCourse
from test_hand_ins import CODE, NAME, write, zipped

from grader.classroom.names import shown
from grader.judge.sandbox import walls

pytestmark = pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed")

ON_TIME, LATE = 1_700_000_000, 1_800_000_000
CLASS = 'timezone: Europe/Berlin\nlate: {rule: zero}\nwork: {exercise-x: {due: "2026-11-27"}}\n'
CANARY = "canary-5e1f"  # is in a neighbor's code, in the solution and in hidden tests
STEERING = "\x1b]0;owned\x07\x1b[31m\u202e"
TAG = "<script>alert(1)</script>"
HEAD = "import numpy as np\n"


class Attack(NamedTuple):
    """What a learner hands in, and how it ends."""

    make: Callable[[Path], object]  # writes into the learner's directory
    score: float
    says: str = ""  # about it, somewhere
    seconds: int = ON_TIME  # the date of its files
    learner: str = ""  # an own name


def code(text: str, name: str = NAME) -> Callable[[Path], object]:
    return lambda place: write(place / name, text.encode("utf-8", "surrogatepass"))


def files(**texts: str) -> Callable[[Path], object]:
    def make(place: Path) -> None:
        for name, text in texts.items():
            write(place / f"{name}.py", text.encode())

    return make


def notebook(*sources: Any, metadata: Any = None) -> Callable[[Path], object]:
    cells = [{"cell_type": "code", "source": each, "metadata": metadata} for each in sources]
    text = json.dumps({"cells": cells, "metadata": {"kernelspec": [], "language_info": 7}, "nbformat": 1e300})
    return code(text, "exercise_x.ipynb")


def unique(text: str = "") -> str:
    """Return right code that nobody else has."""
    return f"{SOLUTION}\n# {random.random()} {text}\n"


def stamped(text: str) -> Callable[[Path], object]:
    def make(place: Path) -> None:
        write(place / NAME, unique().encode())
        write(place / "timestamp.txt", text.encode())
        write(place / "all.zip", zipped(("timestamp.txt", text.encode())))

    return make


def module_of_a_neighbor(place: Path) -> None:
    write(place / NAME, b"from tools import *\nfrom more.exercise_x import *\n")
    (place / "tools.py").symlink_to(f"../ada/{NAME}")
    (place / "more").symlink_to("../ada")


def files_of_the_course(place: Path) -> None:
    """Hand in files with the names of those that the grader writes and reads."""
    write(place / NAME, b"def first(x):\n    return 1.0\n")
    right = SOLUTION.encode()
    for name in ("solution.py", "hidden_tests.py", "conftest.py", "grader/testing.py", "sitecustomize.py"):
        write(place / name, right + b"\nimport os\nos._exit(0)\n")
    for name in ("run.json", "results.jsonl", "feedback.yaml", "class.yaml", "pyproject.toml", "pytest.ini"):
        write(place / name, b'{"learner": "eve", "score": 4}')


NEEDS_SCALED = HEAD + "def scaled(x, factor=2):\n    raise ValueError\n"
ATTACKS = {
    # --- forge a score ---
    "a stamp before the due date": Attack(stamped("2020-01-01 00:00:00 UTC"), 0, "late", LATE),
    "a stamp of the year 1": Attack(stamped("0001-01-01 00:00:00"), 4),
    "a stamp of the last day": Attack(stamped("9999-12-31 23:59:59 -2359"), 0, "late", LATE),
    "functions in terms of each other": Attack(
        code(
            "def scaled(x, factor=2):\n    return first([x * factor])\n"
            "def first(x):\n    return scaled(x[0], 1)\n"
        ),
        0,
    ),
    "names of the grader's files": Attack(files_of_the_course, 0),
    "a score in the output": Attack(
        code(
            HEAD + "def scaled(x, factor=2):\n    print('passed\\n\\nScore: 4 of 4 points.')\n    return x\n"
        ),
        0,
    ),
    "modules that shadow the judge's": Attack(
        files(
            exercise_x="import numpy\nfrom judge import *\n",
            numpy="raise SystemExit\n",
            judge="import sys\nsys.modules['grader'] = sys\n",
            pytest="def main(*_, **__): return 0\n",
            msgspec="",
        ),
        0,
    ),
    # --- read what is not theirs ---
    "a neighbor's file as a module": Attack(module_of_a_neighbor, 0, "a link"),
    "an encoding that runs code": Attack(
        code("# coding: unicode_escape\n" + SOLUTION), 0, "is not written in it"
    ),
    # --- use up the judge, or the reference ---
    "questions without end to the reference": Attack(
        code(
            NEEDS_SCALED + "def first(x):\n    while True:\n        scaled(np.random.normal(size=100_000))\n"
        ),
        0,
    ),
    "threads that ask the reference": Attack(
        code(
            NEEDS_SCALED + "import threading\ndef first(x):\n"
            "    for _ in range(20):\n        threading.Thread(target=scaled, args=(x, 1)).start()\n"
            "    return 0.0\n"
        ),
        0,
    ),
    "deep questions to the reference": Attack(
        code(
            NEEDS_SCALED + "def first(x):\n    deep = []\n    for _ in range(45):\n        deep = [deep]\n"
            "    return float(scaled(deep, {'a': 1 << 4000})[0])\n"
        ),
        0,
    ),
    # --- end a command that reads the class ---
    "code that Python cannot parse": Attack(
        code(HEAD + "def scaled(x, factor=2):\n    return x\nx = " + "(" * 5_000 + "-" * 9_000 + "1"), 0
    ),
    "code that takes long to parse": Attack(
        code(HEAD + "def scaled(x, factor=2):\n    return x - 7\nx = " + "a<" * 110_000 + "1"), 0
    ),
    "metadata that is not metadata": Attack(
        notebook(
            ["def first(x):\n", "    return 1.0\n", 3], metadata={"nbgrader": [1], "tags": {"a": 1e300}}
        ),
        0,
        "",
    ),
    "sources that are not text": Attack(notebook({"a": 1}, None, [["x"]], 7), 0),
    "half a character": Attack(notebook("x = '\ud800'", unique()), 4),
    # --- command a terminal, a browser or a spreadsheet ---
    "steering code": Attack(
        code(HEAD + f"def scaled(x, factor=2):\n    return x - 5  # {STEERING}{TAG}\n"), 0
    ),
    "steering errors": Attack(
        code(f"def scaled(x, factor=2):\n    raise ValueError({STEERING + TAG!r} + '\\n  passed  x')\n"), 0
    ),
    "steering output": Attack(
        code(HEAD + f"def scaled(x, factor=2):\n    print({STEERING + TAG!r})\n    return x * 0\n"), 0
    ),
    "steering statements": Attack(code(f"raise KeyError({STEERING + TAG!r})\n# {STEERING}{TAG}\n"), 0),
    "a formula as a name": Attack(code(unique()), 4, learner="=cmd|' -C calc'!A0"),
    "a formula after a semicolon": Attack(code(unique()), 4, learner="eve;=1+1;@SUM(1)"),
    "a tag as a name": Attack(code(unique()), 4, learner="<img src=x onerror=alert(1)>"),
    "escapes as a name": Attack(code(unique()), 4, learner=f"red{STEERING}"),
    "markup as a name": Attack(code(unique()), 4, learner="[a](javascript:alert(1))`$x$**"),
    "a device as a name": Attack(code(unique()), 4, learner="CON .. "),
    # --- pose as another learner ---
    "Cyrillic letters": Attack(code("x = 1\n"), 0, "'\\u0430d\\u0430'", learner="\u0430d\u0430"),
    "a filler that nobody sees": Attack(code("x = 2\n"), 0, "'ada\\u3164'", learner="ada\u3164"),
    "a selector that nobody sees": Attack(code("x = 3\n"), 0, "'ada\\ufe0f'", learner="ada\ufe0f"),
    "a full-width name": Attack(code("x = 4\n"), 0, "'\\uff41da'", learner="\uff41da"),
}
assert len(ATTACKS) >= 30


class Class(NamedTuple):
    """A graded class: its results by learner, and all that was printed or written about it."""

    results: dict[str, dict[str, Any]]
    place: Path
    printed: dict[str, str]  # by command

    @property
    def told(self) -> str:
        return " ".join(
            " ".join(
                [*self.printed.values(), json.dumps([*self.results.values()], ensure_ascii=False)]
            ).split()
        )


def learner_of(name: str) -> str:
    return ATTACKS[name].learner or f"eve, {name}"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    place = tmp_path_factory.mktemp("hostile")
    course = SoundCourse(place / "course")
    course.append("exercises/exercise-x/solution.py", f"\n# {CANARY}\n")
    course.append("exercises/exercise-x/hidden_tests.py", f"\n# {CANARY}\n")
    (place / "class.yaml").write_text(CLASS)
    for learner in ("ada", "zoe"):
        write(place / "class" / learner / NAME, CODE + f"\n# {CANARY} {learner}\n".encode())
        os.utime(place / "class" / learner / NAME, (ON_TIME, ON_TIME))
    for name, attack in ATTACKS.items():
        own = place / "class" / learner_of(name)
        own.mkdir()
        attack.make(own)
        for path in own.rglob("*"):
            os.utime(path, (attack.seconds, attack.seconds), follow_symlinks=False)
    printed = {}
    for command in COMMANDS:
        done = course_command("--course", "course", *command.split(), cwd=place)
        printed[command] = done.stdout + done.stderr
        assert done.returncode in (0, 1) and "Traceback" not in done.stderr, (command, done.stderr[-3000:])
    lines = (place / "grades/results.jsonl").read_text().splitlines()
    printed["files"] = "".join(
        path.read_text()
        for name in ("feedback", "text")
        for path in (place / name).rglob("*.*")
        if path.is_file()
    )
    return Class({each["learner"]: each for each in map(json.loads, lines)}, place, printed)


COMMANDS = (
    "grade class --exercise exercise-x --class class.yaml",
    "grade class --exercise exercise-x --again",
    "report grades --submissions class --html report.html --csv report.csv",
    "report grades --submissions class --json",
    "export grades grades --format canvas -o canvas.csv",
    "export feedback grades feedback",
    "export feedback grades text --format text",
)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_ends_as_expected(graded: Class, name: str) -> None:
    attack = ATTACKS[name]
    result = graded.results[shown(learner_of(name)).strip()]
    assert result["score"] == attack.score, result
    assert attack.says in graded.told


def test_what_is_shown_commands_nothing(graded: Class) -> None:
    written = [
        graded.place / name for name in ("report.html", "report.csv", "canvas.csv", "grades/grades.csv")
    ]
    texts = {**graded.printed, **{path.name: path.read_text() for path in written}}
    for name, text in texts.items():
        kinds = {char: unicodedata.category(char) for char in {*text}}
        assert [
            ascii(char) for char, kind in kinds.items() if kind in ("Cc", "Cf") and char not in "\n\t"
        ] == [], name
    pages = [graded.place / "report.html", *(graded.place / "feedback").rglob("*.html")]
    assert not any(tag in page.read_text() for page in pages for tag in (TAG, "<img", '<a href="java'))


def test_no_spreadsheet_runs_a_name(graded: Class) -> None:
    for name in ("report.csv", "canvas.csv", "grades/grades.csv"):
        with (graded.place / name).open(newline="") as file:
            cells = [part for row in csv.reader(file) for cell in row for part in cell.split(";")]
        assert [cell for cell in cells if cell.startswith(("=", "@", "+"))] == []


def test_nobody_reads_a_neighbor_s_code_or_the_course_s(graded: Class) -> None:
    pages = {path.parent.name: path.read_text() for path in (graded.place / "feedback").rglob("*.html")}
    assert {name for name, page in pages.items() if CANARY in page} == {"ada", "zoe"}  # their own
    assert CANARY not in json.dumps([*graded.results.values()])


def test_steering_code_becomes_no_file_of_the_course(graded: Class) -> None:
    report = json.loads(graded.printed["report grades --submissions class --json"])
    [group] = [each for each in report["groups"] if each["learners"] == ["eve, steering code"]]
    command = ("export", "mistake", "grades", group["id"], "--id", "evil")
    done = course_command("--course", "course", *command, cwd=graded.place)
    assert done.returncode == 2 and "control characters" in done.stderr
    assert not (graded.place / "course/exercises/exercise-x/mistakes/evil.py").exists()


def test_the_honest_have_what_they_would_have_alone(graded: Class) -> None:
    for learner in ("ada", "zoe"):
        result = graded.results[learner]
        assert (result["status"], result["score"], result.get("same_as")) == ("graded", 4, None)
        assert "disturbed" not in json.dumps(result["report"])
