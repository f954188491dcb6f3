"""`course validate` on a small course with one flaw at a time."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from judging import descendants, is_running, processes_in, wait_until
from running import Run
from sound_course import EXERCISE_YAML, HIDDEN_TESTS, STARTER_PY, SoundCourse

MISTAKES = "exercises/exercise-x/mistakes"


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path / "sound")


def proof(run: Run, sound: SoundCourse, *args: str, code: int = 2) -> dict[str, Any]:
    done = run("--course", sound.root, "validate", "--json", *args)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr == ""
    return dict(json.loads(done.stdout))


def assert_broken(report: dict[str, Any], sound: SoundCourse, file: str, words: str, what: str) -> None:
    """Check that exactly one problem contains `what`, and that it is on the line of `words`."""
    places = [(p["file"], p["line"]) for p in report["problems"] if what in p["what"]]
    assert places == [(str(sound.root / file), sound.line(file, words))], report["problems"]


def test_a_sound_course_is_proven(run: Run, sound: SoundCourse) -> None:
    report = proof(run, sound, "--seeds", "3", code=0)
    assert (report["ok"], report["problems"]) == (True, [])
    [exercise] = report["exercises"]
    assert (exercise["id"], len(exercise["seeds"])) == ("exercise-x", 3)
    assert [test["id"] for test in exercise["matrix"]["tests"]] == ["test_two", "test_drawn", "test_first"]
    assert exercise["matrix"]["mistakes"] == [
        {
            "id": "adds-the-factor",
            "function": "scaled",
            "failed": ["test_two", "test_drawn"],
            "named": ["adds-the-factor"],
        },
        {"id": "second-one", "function": "first", "failed": ["test_first"], "named": ["second-one"]},
    ]


def test_a_named_file_that_does_not_exist_is_told(run: Run, sound: SoundCourse) -> None:
    gone = sound.root / "lessons/wekk.yaml"
    done = run("--course", sound.root, "validate", gone, "--seeds", "1")
    assert done.returncode == 0, done.stdout
    assert f"Note: {gone} does not exist, so the whole course is validated." in done.stdout


@pytest.mark.parametrize("width", [40, 80])
def test_the_matrix_fits_the_screen(run: Run, sound: SoundCourse, width: int) -> None:
    done = run("--course", sound.root, "validate", "exercise-x", "--seeds", "1", env={"COLUMNS": str(width)})
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert all(len(line) <= width for line in lines)
    assert re.search(r"adds-the-factor +x x +itself", done.stdout)
    assert re.search(r"2 +Any numbers are multiplied\.\s+\(hidden\)", done.stdout)
    assert lines[-1].startswith("Proven. Nothing is broken")


def test_a_matrix_with_many_tests_and_a_long_name_stays_readable(run: Run, sound: SoundCourse) -> None:
    for number in range(24):
        sound.append(
            HIDDEN_TESTS,
            f'\n\n@pytest.mark.points(1, function="first")\ndef test_{number}(learner, rng):\n'
            f'    """Number {number}."""\n    x = rng.normal(size=4)\n'
            '    assert learner.first(x) == x[0], "That is not the first number"\n',
        )
    done = run("--course", sound.root, "validate", "exercise-x", "--seeds", "1", env={"COLUMNS": "40"})
    assert done.returncode == 0, done.stdout
    assert all(len(line) <= 40 for line in done.stdout.splitlines())
    assert "second-one: itself\n   x  x  x" in done.stdout


# --- reported flaws ---


def test_a_test_that_no_mistake_fails_is_reported(run: Run, sound: SoundCourse) -> None:
    sound.append(
        HIDDEN_TESTS,
        '\n\n@pytest.mark.points(1, function="first")\ndef test_kind(learner, rng):\n    """A float."""\n'
        '    assert isinstance(learner.first(rng.normal(size=3)), float), "It is no float"\n',
    )
    report = proof(run, sound, "--seeds", "2")
    assert_broken(report, sound, HIDDEN_TESTS, "def test_kind", "no mistake of first fails it")
    assert len(report["problems"]) == 1


def test_a_hidden_message_that_holds_values_is_reported(run: Run, sound: SoundCourse) -> None:
    first = 'assert learner.first(x) == x[0], "That is not the first number"'
    sound.replace(HIDDEN_TESTS, first, 'assert learner.first(x) == x[0], f"expected {x[0]}"')
    scaled = 'assert_allclose(learner.scaled(x, 5), 5 * x, "Not all are multiplied")'
    loop = "for value in x:\n        assert_allclose(learner.scaled(x, 5), 5 * x, f"
    sound.replace(HIDDEN_TESTS, scaled, f'{loop}"Not right for {{value}}")')
    report = proof(run, sound, "--seeds", "2")
    assert_broken(report, sound, HIDDEN_TESTS, "expected {x[0]}", "can hold a value of the test")
    assert_broken(report, sound, HIDDEN_TESTS, "Not right for", "is no text of this file")
    assert len(report["problems"]) == 2


def test_a_mistake_that_passes_every_test_is_reported(run: Run, sound: SoundCourse) -> None:
    sound.replace(f"{MISTAKES}/second_one.py", "float(x[1])", "float(list(x)[0])")
    report = proof(run, sound, "--seeds", "2")
    assert_broken(report, sound, EXERCISE_YAML, "id: second-one", "second-one passes every test of first")


@pytest.mark.parametrize("misconception", ["adds-twice", "off-by-one"])
def test_two_equivalent_mistakes_are_reported(run: Run, sound: SoundCourse, misconception: str) -> None:
    sound.append(
        EXERCISE_YAML,
        f"  - {{id: adds-too, function: scaled, misconception: {misconception}, says: Look again.}}\n",
    )
    text = (sound.root / f"{MISTAKES}/adds_the_factor.py").read_text()
    sound.write(f"{MISTAKES}/adds_too.py", text.replace("+ factor", "+ 1 * factor"))
    report = proof(run, sound, "--seeds", "2")
    assert_broken(report, sound, EXERCISE_YAML, "- {id: adds-too", "adds-too and adds-the-factor ")
    assert len(report["problems"]) == 1


def test_a_test_that_fails_for_some_seeds_is_reported(run: Run, sound: SoundCourse) -> None:
    sound.replace(HIDDEN_TESTS, "== x[0], ", "== x[0] and x[1] < 0.4, ")
    report = proof(run, sound, "--seeds", "12")
    assert_broken(report, sound, HIDDEN_TESTS, "def test_first", "flaky: the solution fails it for seeds")


def test_a_mistake_that_some_draws_hide_is_reported(run: Run, sound: SoundCourse) -> None:
    """Only one test fails the mistake, and its inputs show it in most runs but not in all."""
    sound.replace(HIDDEN_TESTS, "== x[0], ", "== x[0] or rng.random() < 0.2, ")
    report = proof(run, sound, "--seeds", "20")
    words = "passes every test of first for"
    assert_broken(report, sound, "exercises/exercise-x/exercise.yaml", "id: second-one", words)


def test_a_test_that_depends_on_earlier_runs_is_reported(run: Run, sound: SoundCourse) -> None:
    """The test counts its runs in a file, so it both passes and fails for the same seed."""
    counter = sound.root.parent / "counter"
    sound.replace(
        HIDDEN_TESTS,
        "== x[0], ",
        f'== x[0] and open({str(counter)!r}, "a").write("x") and len(open({str(counter)!r}).read()) < 2, ',
    )
    report = proof(run, sound, "--seeds", "1")
    assert_broken(report, sound, HIDDEN_TESTS, "def test_first", "both passes and fails it for seed")


def test_a_starter_that_earns_points_is_reported(run: Run, sound: SoundCourse) -> None:
    sound.replace(
        STARTER_PY, "def first(x):\n    raise NotImplementedError", "def first(x):\n    return x[0]"
    )
    report = proof(run, sound, "--seeds", "2")
    assert_broken(report, sound, STARTER_PY, "def first", "the starter's first earns points (test_first)")


def test_a_broken_test_is_reported(run: Run, sound: SoundCourse) -> None:
    sound.replace(HIDDEN_TESTS, "== x[0], ", "== x[0] + nothing, ")
    report = proof(run, sound, "--seeds", "2")
    says = "test_first: the test itself is broken: NameError: name 'nothing' is not defined"
    assert_broken(report, sound, HIDDEN_TESTS, "== x[0] + nothing", says)


def test_a_learner_is_not_told_the_error_of_a_broken_test(run: Run, sound: SoundCourse) -> None:
    sound.replace(HIDDEN_TESTS, "== x[0], ", "== x[0] + {}['the secret'], ")
    solution = sound.root / "exercises/exercise-x/solution.py"
    for options in ((), ("--json",)):
        done = run("--course", sound.root, "check", "exercise-x", solution, *options)
        assert "KeyError in hidden_tests.py, line" in done.stdout
        assert "the secret" not in done.stdout + done.stderr


def test_tests_that_cannot_be_collected_are_reported(run: Run, sound: SoundCourse) -> None:
    """The judge reports the problem; the rest of the course is still checked."""
    sound.replace(HIDDEN_TESTS, "@pytest.mark.points(2", "@pytest.mark.points(0")
    sound.replace("lessons/tiny.yaml", "three.svg", "four.svg")
    report = proof(run, sound, "--seeds", "2")
    assert [p["what"] for p in report["problems"]] == [
        "test_drawn: its points are not a positive number",
        "four.svg is not in lessons/figures",
    ]
    assert all(Path(p["file"]).is_relative_to(sound.root) for p in report["problems"])


def test_a_mistake_that_changes_another_function_is_reported(run: Run, sound: SoundCourse) -> None:
    sound.append(
        f"{MISTAKES}/second_one.py", "\nnp.asarray = lambda x, dtype=None: [0 * each for each in x]\n"
    )
    sound.replace(f"{MISTAKES}/second_one.py", "def first", "import numpy as np\n\ndef first")
    report = proof(run, sound, "--seeds", "2")
    assert_broken(report, sound, EXERCISE_YAML, "id: second-one", "also changes another function")


def test_the_other_exercises_are_validated_after_one_that_cannot_run(run: Run, sound: SoundCourse) -> None:
    for path in (sound.root / "exercises/exercise-x").rglob("*.*"):
        name = path.relative_to(sound.root / "exercises/exercise-x")
        text = path.read_text().replace("id: exercise-x", "id: exercise-y")
        sound.write(f"exercises/exercise-y/{name}", text)
    sound.replace("lessons/tiny.yaml", "[exercise-x]", "[exercise-x, exercise-y]")
    sound.replace(HIDDEN_TESTS, "@pytest.mark.points(2", "@pytest.mark.points(0")
    report = proof(run, sound, "--seeds", "2")
    assert len(report["problems"]) == 1
    assert [len(exercise["seeds"]) for exercise in report["exercises"]] == [0, 2]


# --- arguments and output ---


def test_an_id_limits_validation_to_one_part(run: Run, sound: SoundCourse) -> None:
    sound.replace("lessons/tiny.yaml", "three.svg", "four.svg")
    sound.replace(EXERCISE_YAML, "says: Where does counting start?", "says: Why, $x_{1$?")
    report = proof(run, sound, "tiny")
    assert [Path(p["file"]).name for p in report["problems"]] == ["tiny.yaml"]
    assert report["exercises"] == []
    report = proof(run, sound, "exercise-x", "--seeds", "1")
    assert [Path(p["file"]).name for p in report["problems"]] == ["exercise.yaml"]


def test_an_unknown_id_is_refused(run: Run, sound: SoundCourse) -> None:
    done = run("--course", sound.root, "validate", "exercise-y")
    assert done.returncode == 2
    assert "did you mean exercise-x?" in done.stderr


def test_problems_are_printed_with_file_line_and_advice(run: Run, sound: SoundCourse) -> None:
    sound.replace("lessons/tiny.yaml", "three.svg", "four.svg")
    done = run("--course", "sound", "validate", "tiny", env={"COLUMNS": "80"})
    assert done.returncode == 2
    output = " ".join(done.stdout.split())
    line = sound.line("lessons/tiny.yaml", "four.svg")
    assert f"sound/lessons/tiny.yaml:{line}: four.svg is not in lessons/figures — " in output
    assert output.endswith("s).")
    assert "Not proven. One thing is broken" in output


def test_validation_records_nothing(run: Run, sound: SoundCourse, home: Path) -> None:
    assert run("--course", sound.root, "validate", "tiny").returncode == 0
    assert not home.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ctrl_c_leaves_nothing_behind(
    command: str, environment: dict[str, str], sound: SoundCourse, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    sound.append("exercises/exercise-x/solution.py", "\nwhile True: pass\n")
    process = subprocess.Popen(
        [command, "--course", sound.root, "validate"],
        env=environment | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: len(descendants(process.pid)) > 1, 30)
    started = descendants(process.pid)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    assert (output, errors.strip(), process.returncode) == ("", "Stopped.", 130)
    wait_until(lambda: not any(map(is_running, started)))
    wait_until(lambda: not processes_in(scratch))
    wait_until(lambda: not list(scratch.iterdir()))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal(
    command: str, environment: dict[str, str], sound: SoundCourse
) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [command, "--course", sound.root, "validate", "--seeds", "1"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=60,
    )
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "exercise-x: 1 of 7 runs" in shown
    assert shown.endswith("\r\x1b[K")


# --- mutants ---

EQUIVALENT = """\
mutants:
  - function: first
    line: return float(np.asarray(x)[0])
    change: np.asarray(x) -> x
    reason: Indexing an array gives the same number.
"""
STALE = """\
  - function: first
    line: return float(np.asarray(x)[0])
    change: 0 -> 7
    reason: There is no such change.
"""


@pytest.fixture
def tight(sound: SoundCourse) -> SoundCourse:
    """Return the course with tests for the default, for whole numbers and for the kind of the result."""
    sound.append(
        HIDDEN_TESTS,
        '''

@pytest.mark.points(1, function="scaled")
def test_default(learner):
    """The factor is 2 by default, and whole numbers become floats."""
    y = learner.scaled([1, 2])
    assert y.dtype == float, "It should be an array of floats"
    assert_allclose(y, [2.0, 4.0], "It should be twice the numbers")


@pytest.mark.points(1, function="first")
def test_python_number(learner, rng):
    """The result is a number of Python."""
    assert type(learner.first(rng.normal(size=3) + 9)) is float, "It should be a float"
    assert learner.first([1.0, 2.0]) == 1, "It should be the first"
''',
    )
    sound.write("exercises/exercise-x/equivalent_mutants.yaml", EQUIVALENT)
    return sound


def test_every_mutant_fails_a_test_or_is_listed(run: Run, tight: SoundCourse) -> None:
    report = proof(run, tight, "--seeds", "1", "--mutants", "all", code=0)
    mutation = report["exercises"][0]["mutation"]
    assert mutation["tried"] == mutation["mutants"] > 10
    assert (mutation["failing"], mutation["equivalent"]) == (mutation["tried"] - 1, 1)
    assert mutation["survivors"] == []


def test_a_survivor_and_a_stale_entry_are_reported(run: Run, tight: SoundCourse, tmp_path: Path) -> None:
    tight.replace(HIDDEN_TESTS, "y = learner.scaled([1, 2])", "y = learner.scaled([1, 2], 2)")
    tight.append("exercises/exercise-x/equivalent_mutants.yaml", STALE)
    done = run(
        *("--course", tight.root, "validate", "exercise-x", "--seeds", "1"),
        *("--mutants", "all", "--write-survivors", tmp_path / "drafts"),
    )
    assert done.returncode == 2, done.stdout + done.stderr
    output = " ".join(done.stdout.split())
    assert "mutants tried: " in output
    assert "1 is listed as equivalent, 4 survive." in output
    assert output.count("scaled still passes every test after this change: 2 -> 3") == 1
    assert output.count("-def scaled(x, factor=2): +def scaled(x, factor=3): program: ") == 1
    assert "no mutant of first has this line and this change: 0 -> 7" in output
    assert "Not proven. 5 things are broken" in output
    written = sorted(path.name for path in (tmp_path / "drafts/exercise-x").iterdir())
    assert written == ["equivalent_mutants.yaml", *(f"scaled_{n}.py" for n in range(1, 5))]


@pytest.mark.exhaustive
def test_a_mutant_that_loops_is_stopped(run: Run, tight: SoundCourse) -> None:
    tight.replace(
        "exercises/exercise-x/solution.py",
        "    return float(np.asarray(x)[0])",
        "    n = 0\n    while n < 1:\n        n += 1\n    return float(np.asarray(x)[0])",
    )
    report = proof(run, tight, "--seeds", "1", "--mutants", "all")
    mutation = report["exercises"][0]["mutation"]
    assert mutation["timed_out"] > 0
    assert mutation["survivors"] != []  # for example `while n < 2`


def test_mutants_are_not_tried_unless_asked_for(run: Run, sound: SoundCourse) -> None:
    assert proof(run, sound, "--seeds", "1", code=0)["exercises"][0]["mutation"] is None
    few = proof(run, sound, "--seeds", "1", "--mutants", "3")["exercises"][0]["mutation"]
    assert (few["tried"], few["mutants"]) == (3, 14)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--mutants", "some"], "is not a number from 0, or 'all'"),
        (["--write-survivors", "new"], "--write-survivors needs --mutants"),
        (["--mutants", "1", "--write-survivors", "lessons"], "lessons is not empty"),
    ],
)
def test_impossible_options_are_refused(run: Run, sound: SoundCourse, args: list[str], words: str) -> None:
    (Path(sound.root.parent) / "lessons").symlink_to(sound.root / "lessons")
    done = run("--course", sound.root, "validate", *args)
    assert done.returncode == 2
    assert words in done.stderr
