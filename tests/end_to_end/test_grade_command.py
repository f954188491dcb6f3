"""`course grade`: every learner gets what they deserve, and whatever is killed, nothing is lost."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from corpus import sampled
from graded_class import EXERCISE, HEAD, RIGHT, SCALED, write_class
from grading_place import Place
from judging import descendants, wait_until
from sound_course import EXERCISE_YAML, SOLUTION

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")

SEED = "7"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


# --- a whole class ---


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, dict[str, float], str]]:
    """A class that has been graded, what each deserves, and what was said."""
    place = Place(tmp_path_factory.mktemp("big"))
    deserved = write_class(place.root / "class")
    place.hand_in("学生 004", "tiny-q1: b\n", "tiny_answers.yaml")
    done = place.grade("--seed", SEED)
    assert done.returncode == 0, done.stderr
    place.assert_nothing_is_left(set())
    yield place, deserved, done.stdout


Graded = tuple[Place, dict[str, float], str]


def test_each_gets_what_they_deserve(big: Graded) -> None:
    place, deserved, _ = big
    got = {r["learner"]: r["score"] for r in place.results() if r["item"] == EXERCISE}
    assert len(got) == 200
    assert got == deserved
    assert {r["max_score"] for r in place.results() if r["item"] == EXERCISE} == {4.0}


def test_the_same_code_is_judged_once_and_said(big: Graded) -> None:
    place, _, said = big
    results = place.results()
    first: dict[str, dict[str, Any]] = {}
    for result in results:
        if "report" in result:
            earlier = first.setdefault(result["source"], result)
            assert result["report"] == earlier["report"]
            if result is not earlier and "same_as" in result:
                assert result["same_as"] == earlier["learner"]
    copies = sum("same_as" in result for result in results)
    assert copies > 100
    assert f"200 learners, 201 submissions: 197 graded, 4 unreadable; {copies} duplicates" in said
    starters = [r for r in results if r.get("score") == 0 and "same_as" not in r and r["status"] == "graded"]
    assert starters  # who has written nothing has copied from nobody


def test_the_table_of_grades(big: Graded) -> None:
    place, deserved, _ = big
    with (place.root / "grades" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["learner"]: float(row[EXERCISE]) for row in rows} == deserved
    assert [row["tiny"] for row in rows].count("") == 199
    assert {row["of"] for row in rows} == {"5"}
    answered = next(row for row in rows if row["tiny"])
    assert (answered["learner"], answered["total"]) == ("学生 004", "5")


def test_a_learner_s_own_check_comes_to_the_same_verdict(big: Graded) -> None:
    place, _, _ = big
    results = {r["learner"]: r for r in place.results() if r["item"] == EXERCISE}
    for learner in ("学生 004", "学生 011", "学生 040"):
        graded = results[learner]
        file = str(place.root / "class" / graded["file"])
        done = place.run("check", EXERCISE, file, "--json", "--no-record", "--seed", SEED)
        checked = json.loads(done.stdout)
        assert graded["report"]["seconds"] == 0.0
        for key in ("score", "max_score", "passed", "tests", "mistakes", "seed", "version", "environment"):
            assert graded["report"][key] == checked[key], (learner, key)
        assert graded["score"] == checked["score"]


def test_what_the_run_was_asked_for(big: Graded) -> None:
    place, _, _ = big
    run = json.loads((place.root / "grades" / "run.json").read_text())
    assert run["seed"] == int(SEED)
    assert run["environment"]["confinement"].startswith("bubblewrap")
    assert {r["report"]["version"] for r in place.results() if "report" in r} == {run["exercises"][EXERCISE]}


# --- killed at any moment ---


def small_class(place: Place, count: int = 7) -> None:
    for number in range(count):
        place.hand_in(f"l{number}", f"{RIGHT[number % len(RIGHT)]}# {number}\n")
    place.hand_in("copy", f"{RIGHT[0]}# 0\n")
    place.hand_in("bad", "")
    place.hand_in("l1", "tiny-q1: a\n", "tiny_answers.yaml")


@pytest.mark.parametrize("kills", sampled({"twice": 2, "twenty times": 20}, few=["twice"]))
def test_killed_at_any_moment_the_run_goes_on_and_ends_the_same(place: Place, kills: int) -> None:
    small_class(place)
    began = time.monotonic()
    assert place.grade("--output", "whole", "--seed", SEED, "--jobs", "1").returncode == 0
    took = time.monotonic() - began
    whole = [(place.root / "whole" / name).read_bytes() for name in ("results.jsonl", "grades.csv")]
    chance = random.Random(1)
    midway = 0
    for number in range(kills):
        place.forget()
        out = f"killed-{number}"
        seen: set[int] = set()
        for _ in range(1 + number % 2):  # what goes on may be killed again
            process = place.start(
                "grade", "class", "--output", out, "--seed", SEED, "--jobs", "2", "--resume"
            )
            end = time.monotonic() + chance.uniform(0.1, took)
            while time.monotonic() < end and process.poll() is None:
                seen |= descendants(process.pid)
                time.sleep(0.02)
            seen |= descendants(process.pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its own group: it leads a session
            process.communicate(timeout=60)
            midway += process.returncode == -signal.SIGKILL
        done = place.grade("--output", out, "--resume")  # the seed is remembered, if it was written at all
        if json.loads((place.root / out / "run.json").read_text())["seed"] == int(SEED):
            ended = [(place.root / out / name).read_bytes() for name in ("results.jsonl", "grades.csv")]
            assert ended == whole
        assert done.returncode == 0, done.stderr
        place.assert_nothing_is_left(seen)
        left = sorted(path.name for path in (place.root / out).iterdir())
        assert left == [".lock", "grades.csv", "results.jsonl", "run.json"]
    assert midway  # else nothing was tried


def test_a_judge_that_is_killed_costs_nobody(place: Place) -> None:
    small_class(place, 6)
    for number in range(6):
        place.hand_in(f"slow{number}", f"import time\ntime.sleep(0.3)\n{SOLUTION}# {number}\n")
    process = place.start("grade", "class", "--jobs", "2")
    results = place.root / "grades" / "results.jsonl"
    wait_until(
        lambda: process.poll() is not None or (results.exists() and results.read_bytes().count(b"\n") > 3), 60
    )
    judges = [
        int(child)
        for children in Path(f"/proc/{process.pid}/task").glob("*/children")
        for child in children.read_text().split()
    ]
    assert judges
    for judge in judges:
        with contextlib.suppress(ProcessLookupError):
            os.kill(judge, signal.SIGKILL)  # a child of ours
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert " failed" not in out
    exercise = {r["learner"]: r["score"] for r in place.results() if r["item"] == EXERCISE}
    assert {learner: score for learner, score in exercise.items() if score != 4.0} == {"bad": 0.0}


def test_ctrl_c_stops_and_says_how_to_go_on(place: Place) -> None:
    small_class(place)
    process = place.start("grade", "class")
    results = place.root / "grades" / "results.jsonl"
    wait_until(lambda: results.exists() and results.read_bytes().count(b"\n") > 2, 60)
    seen = descendants(process.pid)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    for command in (["grades", "grades", "--format", "canvas"], ["feedback", "grades", "feedback"]):
        exported = place.run("export", *command, *(["-o", "out.csv"] if command[0] == "grades" else []))
        assert (exported.returncode, "of 10 submissions" in exported.stderr) == (1, True), exported.stderr
    assert "this run is not finished" in place.run("report", "grades").stderr
    assert "add --resume to the same command" in err
    assert "Traceback" not in err
    place.assert_nothing_is_left(seen)
    done = place.grade("--resume")
    assert done.returncode == 0
    assert len(place.results()) == 10
    assert "kept from earlier" in done.stdout


def test_ctrl_c_before_the_first_result_promises_none(place: Place) -> None:
    small_class(place)
    (place.root / "grades").mkdir()
    process = place.start("grade", "class")
    wait_until(lambda: (place.root / "grades" / ".lock").exists(), 60)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert ("The results so far" in err) == (place.root / "grades" / "results.jsonl").exists()
    assert "Traceback" not in err


# --- going on ---


def test_going_on_grades_only_what_has_changed(place: Place) -> None:
    place.hand_in("ada", SOLUTION)
    place.hand_in("bob", SOLUTION.replace("* factor", "+ factor"))
    place.hand_in("cy", "x = 1\n")
    assert place.grade("--seed", SEED).returncode == 0
    refused = place.grade()
    assert refused.returncode == 2
    assert "already holds results, which are left as they are — continue with --resume" in refused.stderr
    assert place.scores() == {"ada": 4.0, "bob": 1.0, "cy": 0.0}

    again = place.grade("--resume", "--json")
    assert (again.returncode, json.loads(again.stdout)["kept"], json.loads(again.stdout)["judged"]) == (
        0,
        3,
        0,
    )

    place.hand_in("bob", SOLUTION + "# mended\n")
    place.hand_in("dan", f"{HEAD}{SCALED}")
    shutil.rmtree(place.root / "class" / "cy")
    with (place.root / "grades" / "results.jsonl").open("ab") as file:
        file.write(b'{"learner": "eve", "ite')
    done = json.loads(place.grade("--resume", "--json").stdout)
    assert (done["kept"], done["anew"], done["judged"], done["torn"]) == (1, 1, 2, 1)
    assert done["gone"] == ["cy (exercise-x)"]
    assert done["seed"] == int(SEED)
    assert place.scores() == {"ada": 4.0, "bob": 4.0, "dan": 3.0}

    place.course.replace(EXERCISE_YAML, "The first number.", "The very first number.")
    place.forget()
    text = place.grade("--resume").stdout
    assert "3 graded again, because the exercise has changed." in text
    for args, says in (
        (["--seed", "8"], "started with seed 7"),
        (["--exercise", EXERCISE], "grades everything"),
    ):
        wrong = place.grade("--resume", *args)
        assert (wrong.returncode, says in wrong.stderr) == (2, True), wrong.stderr
    other = place.run("grade", "course", "--resume")
    assert other.returncode == 2 and "holds the results of" in other.stderr


def test_of_several_files_one_counts_and_the_scores_of_the_others_are_told(place: Place) -> None:
    cells = [{"cell_type": "code", "metadata": {}, "source": f"{HEAD}{SCALED}"}]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    place.hand_in("ada", notebook, "exercise_x.ipynb")
    place.hand_in("ada", SOLUTION)
    place.hand_in("bob", SOLUTION)
    place.hand_in("bob", f"{SOLUTION}x = 1\n", "exercise_x (1).py")
    done = place.grade("--seed", SEED)
    assert done.returncode == 0, done.stderr
    assert place.scores() == {"ada": 3.0, "bob": 4.0}
    note = "exercise_x.ipynb counts, with 3 of 4 points. exercise_x.py would get 4."
    assert f"Notes on files: - ada, exercise-x: {note}" in " ".join(done.stdout.split())
    assert [result.get("notes") for result in place.results()] == [[note], None]
    assert [result.get("told") for result in place.results()] == [[note], None]
    assert place.run("export", "feedback", "grades", "feedback", "--format", "text").returncode == 0
    pages = {name: (place.root / "feedback" / name / "exercise-x.txt").read_text() for name in ("ada", "bob")}
    assert f"Which of your files counts\n{note}\n" in pages["ada"]
    assert "Which of your files" not in pages["bob"]
    before = (place.root / "grades" / "results.jsonl").read_bytes()
    again = json.loads(place.grade("--resume", "--json").stdout)
    assert (again["kept"], again["judged"]) == (2, 0)
    assert again["notes"] == [{"learner": "ada", "item": EXERCISE, "note": note}]
    assert (place.root / "grades" / "results.jsonl").read_bytes() == before
    (place.root / "class" / "ada" / "exercise_x.py").unlink()
    assert place.grade("--resume").returncode == 0
    assert [result.get("notes") for result in place.results()] == [None, None]


def test_two_at_once_are_one_too_many(place: Place) -> None:
    place.hand_in("ada", f"import time\ntime.sleep(3)\n{SOLUTION}")
    first = place.start("grade", "class")
    wait_until(lambda: (place.root / "grades" / "run.json").exists(), 60)
    second = place.grade("--resume")
    assert second.returncode == 2
    assert "another `course grade` is running in grades" in second.stderr
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert place.scores() == {"ada": 4.0}


# --- surroundings ---


def test_without_walls_nothing_is_graded_unless_it_is_asked_for(place: Place) -> None:
    place.hand_in("ada", SOLUTION)
    bare = {"PATH": str(place.temporary)}
    refused = place.grade(env=bare)
    assert refused.returncode == 3
    assert "cannot be confined" in refused.stderr and "--no-sandbox" in refused.stderr
    assert not (place.root / "grades" / "results.jsonl").exists()
    done = place.grade("--no-sandbox", env=bare)
    assert done.returncode == 0, done.stderr
    assert "The code ran unconfined: this machine has no sandbox." in done.stdout
    assert place.results()[0]["report"]["environment"]["confinement"].startswith("none")


def test_nobody_listens(place: Place) -> None:
    place.hand_in("ada", SOLUTION)
    reading, writing = os.pipe()
    os.close(reading)
    process = place.start("grade", "class", stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert err == ""
    assert place.scores() == {"ada": 4.0}


def test_a_class_that_is_not_there_is_named_before_the_results_of_another(place: Place) -> None:
    (place.root / "grades").mkdir()
    (place.root / "grades" / "results.jsonl").write_text("")
    done = place.run("grade", "nowhere")
    assert (done.returncode, "nowhere does not exist" in done.stderr) == (2, True), done.stderr


def test_a_broken_exercise_is_nobody_s_fault(place: Place) -> None:
    place.hand_in("ada", SOLUTION)
    place.course.write("exercises/exercise-x/hidden_tests.py", "def test_x(learner:\n")
    done = place.grade()
    assert done.returncode == 2
    assert "hidden_tests.py" in done.stderr
    assert not (place.root / "grades").exists()


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["nowhere"], 2, "nowhere does not exist"),
        (["course"], 2, "holds nothing to grade"),
        (["class/ada/exercise_x.py"], 2, "neither a directory nor a zip file"),
        ([""], 2, "the name is empty"),
        (["class", "--output", ""], 2, "the name is empty"),
        (["class", "--exercise", "exercise-y"], 2, "did you mean exercise-x?"),
        (["class", "--jobs", "0"], 2, "--jobs"),
        (["class", "--output", "/proc/grades"], 3, "cannot be written"),
        (["class", "--output", "file"], 2, "file"),
    ],
)
def test_wrong_usage(place: Place, args: list[str], code: int, says: str) -> None:
    place.hand_in("ada", SOLUTION)
    (place.root / "file").write_text("")
    done = place.run("grade", *args)
    assert (done.returncode, says in done.stderr) == (code, True), done.stderr
    assert not (place.root / "grades" / "results.jsonl").exists()
