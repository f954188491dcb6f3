"""`course check FILE`: finding the exercise or lesson of a file, and checking or marking it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from judging import course_command
from sound_course import QUIZ, SOLUTION, SoundCourse
from test_quiz_command import rows
from test_startup import HEAVY, modules

Done = subprocess.CompletedProcess[str]
Check = Callable[..., Done]

SECOND = """
  - id: tiny-q2
    kind: shape
    concepts: [sums]
    section: "2"
    prompt: Which shape?
    answer: (5, 2)
    otherwise: It has two axes.
    explain: So.
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> SoundCourse:
    course = SoundCourse(tmp_path_factory.mktemp("course"))
    course.append("quizzes/tiny.yaml", SECOND)
    return course


@pytest.fixture(scope="module")
def built(sound: SoundCourse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the built notebooks."""
    place = tmp_path_factory.mktemp("built")
    done = course_command(
        "--course", sound.root, "nbgrader", "build", "tiny", "--course-dir", place, cwd=place
    )
    assert done.returncode == 0, done.stderr
    return place / "source" / "tiny"


@pytest.fixture
def check(sound: SoundCourse, tmp_path: Path) -> Check:
    def run(*args: str | Path) -> Done:
        done = course_command("--course", sound.root, "check", *args, cwd=tmp_path)
        assert "Traceback" not in done.stderr + done.stdout
        return done

    return run


def filled(path: Path, to: Path, written: dict[str, str], **about: str) -> Path:
    """Copy a notebook with these sources in its solution cells, and return the copy's path."""
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        own = cell["metadata"].get("nbgrader", {})
        cell["source"] = written.get(own.get("grade_id", ""), cell["source"])
    notebook["metadata"]["course"].update(about)
    to.write_text(json.dumps(notebook))
    return to


FUNCTIONS = {
    "exercise-x--scaled": "import numpy as np\ndef scaled(x, factor=2):\n    return np.asarray(x) * factor",
    "exercise-x--first": "!course check exercise-x.ipynb\ndef first(x):\n    return float(x[0])",
}


def test_an_exercise_s_notebook_needs_no_exercise_id(built: Path, check: Check, tmp_path: Path) -> None:
    wrong = FUNCTIONS | {"exercise-x--first": "def first(x):\n    return float(x[1])"}
    filled(built / "exercise-x.ipynb", tmp_path / "my answer.ipynb", wrong)
    done, same = check("my answer.ipynb"), check("exercise-x", "my answer.ipynb")
    assert done.returncode == 1 and "Score: 3 of 4 points." in done.stdout and done.stderr == ""
    assert "Where does counting start?" in done.stdout
    assert done.stdout == same.stdout
    filled(built / "exercise-x.ipynb", tmp_path / "right.ipynb", FUNCTIONS)
    done = check("right.ipynb", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0 and (report["exercise"], report["score"]) == ("exercise-x", 4.0)
    assert {*report} == {
        *("exercise", "version", "score", "max_score", "passed", "tests"),
        *("mistakes", "seed", "environment", "seconds"),
    }
    kinds = rows(tmp_path / "home", "kind, item, score")
    assert kinds == [("check", "exercise-x", 3.0), ("check", "exercise-x", 3.0), ("check", "exercise-x", 4.0)]


def test_an_exercise_s_notebook_is_found_by_the_exercise_s_id(
    built: Path, check: Check, tmp_path: Path
) -> None:
    filled(built / "exercise-x.ipynb", tmp_path / "exercise-x.ipynb", FUNCTIONS)
    done = check("exercise-x", "--no-record")
    assert done.returncode == 0 and "Score: 4 of 4 points." in done.stdout


@pytest.mark.parametrize("name", ["exercise_x.py", "exercise-x.py", "exercise_x.ipynb"])
def test_other_files_are_identified_by_their_names(check: Check, tmp_path: Path, name: str) -> None:
    cells = {"cells": [{"cell_type": "code", "source": SOLUTION}]}
    (tmp_path / name).write_text(SOLUTION if name.endswith(".py") else json.dumps(cells))
    done = check(tmp_path / name, "--no-record")
    assert done.returncode == 0 and "Score: 4 of 4 points." in done.stdout
    assert rows(tmp_path / "home") == []


def answers(built: Path, to: Path, first: str, second: str, **about: str) -> Path:
    written = {"tiny-q1": f"answer_tiny_q1 = {first}", "tiny-q2": f"answer_tiny_q2 = {second}"}
    return filled(built / "tiny.ipynb", to, written, **about)


def test_a_lesson_s_notebook_is_marked_and_recorded_as_a_quiz(
    built: Path, check: Check, tmp_path: Path
) -> None:
    answers(built, tmp_path / "tiny.ipynb", "'a'", "(5, 2)")
    done = check("tiny.ipynb")
    text = " ".join(done.stdout.split())
    assert done.returncode == 1 and done.stderr == ""
    assert "A tiny quiz: tiny.ipynb" in text and "Not right. Three comes after two." in text
    assert "Score: 1 of 2 on the first try." in text
    assert rows(tmp_path / "home") == [("answer", "tiny-q1", "a", 0.0), ("answer", "tiny-q2", "(5, 2)", 1.0)]
    answers(built, tmp_path / "tiny.ipynb", "b", "5, 2")
    done = check("tiny.ipynb", "--no-record")
    assert done.returncode == 0 and "Score: 2 of 2" in done.stdout
    assert len(rows(tmp_path / "home")) == 2


def test_the_json_of_a_lesson_s_notebook_is_that_of_the_quiz(
    built: Path, check: Check, sound: SoundCourse, tmp_path: Path
) -> None:
    answers(built, tmp_path / "renamed.ipynb", "'a'", "'(5, 2)'")
    (tmp_path / "answers.json").write_text('{"tiny-q1": "a", "tiny-q2": "(5, 2)"}')
    options = ("--answers", "answers.json", "--json", "--no-record")
    quiz = course_command("--course", sound.root, "quiz", "tiny", *options, cwd=tmp_path)
    assert check("renamed.ipynb", "--json", "--no-record").stdout == quiz.stdout


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("None", "(5, 2)", "1. not answered"),
        ("'none of them'", "(5, 2)", "none of them is not an answer. Please type one of the letters a-b."),
        ("'b'", "'x' * 1000", "is not an answer. Please type a shape"),
        ("'b'", f"'{'x' * 1000}'", "is not an answer. An answer has at most 200 characters."),
    ],
    ids=["none", "words", "expression", "long"],
)
def test_an_invalid_answer_is_reported_and_not_recorded(
    built: Path, check: Check, tmp_path: Path, first: str, second: str, says: str
) -> None:
    answers(built, tmp_path / "tiny.ipynb", first, second)
    done = check("tiny.ipynb")
    assert done.returncode == 1 and says in " ".join(done.stdout.split())
    assert len(done.stdout) < 2_000
    assert len(rows(tmp_path / "home")) == 1


def test_another_version_is_said(built: Path, check: Check, tmp_path: Path) -> None:
    note = "was built from version 0123456789ab of the course. It is checked with the current version."
    answers(built, tmp_path / "tiny.ipynb", "'b'", "(5, 2)", version="0123456789ab")
    done = check("tiny.ipynb", "--json")
    assert done.returncode == 0 and done.stderr == f"course: tiny.ipynb {note}\n"
    assert json.loads(done.stdout)["score"] == 2
    filled(built / "exercise-x.ipynb", tmp_path / "x.ipynb", FUNCTIONS, version="0123456789ab")
    done = check("x.ipynb")
    assert done.returncode == 0 and done.stderr == f"course: x.ipynb {note}\n"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("mine.py", SOLUTION, "mine.py does not say which exercise it belongs to — give the id"),
        (
            "mine.ipynb",
            {"cells": [{"cell_type": "code", "source": "x = 1"}]},
            "give the id: course check EXERCISE mine.ipynb (exercises: exercise-x)",
        ),
        ("mine.ipynb", "no notebook", "mine.ipynb is not a notebook: it is not JSON"),
        ("exercise_x.ipynb", "no notebook", "exercise_x.ipynb is not a notebook: it is not JSON"),
        ("exercise_x.py", "", "exercise_x.py is empty"),
        ("notes.txt", "words", "notes.txt holds no Python code"),
        (
            "tiny.ipynb",
            {"cells": [], "metadata": {"course": {"kind": "lesson", "id": "day9", "version": "v"}}},
            "was built from the lesson 'day9', which this course does not have — check --course",
        ),
    ],
    ids=["name", "plain notebook", "no notebook", "named", "empty", "text", "other course"],
)
def test_a_file_that_cannot_be_identified_gets_a_reason(
    check: Check, tmp_path: Path, name: str, content: Any, says: str
) -> None:
    (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content))
    done = check(name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("course: ") and says in done.stderr


def test_a_missing_file_gets_advice(check: Check, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text(SOLUTION)
    assert "excercise_x.py does not exist — did you mean exercise_x.py?" in check("excercise_x.py").stderr
    (tmp_path / "exercise_x.py").rename(tmp_path / "other")
    assert "`course start exercise-x` writes a file" in check("exercise_x.ipynb").stderr
    assert "name an existing file, or an exercise" in check("no/such.ipynb").stderr
    assert check(f"{'x' * 5_000}.py").returncode == 2
    (tmp_path / "exercise-x").mkdir()
    assert (
        "there is no exercise_x.ipynb" in check("exercise-x").stderr
    )  # an id takes precedence over a directory


def test_a_seed_is_only_for_exercises(built: Path, check: Check, tmp_path: Path) -> None:
    answers(built, tmp_path / "tiny.ipynb", "'b'", "(5, 2)")
    done = check("tiny.ipynb", "--seed", "3")
    assert done.returncode == 2 and "--seed is only for exercises" in done.stderr


def test_a_lesson_of_two_quizzes_is_one_notebook_and_one_result(check: Check, tmp_path: Path) -> None:
    course = SoundCourse(tmp_path / "other")
    course.write("quizzes/more.yaml", QUIZ.replace("tiny-q1", "more-q1").replace("id: tiny\n", "id: more\n"))
    cells = [{"cell_type": "code", "source": "answer_tiny_q1 = 'b'\nanswer_more_q1 = 'a'"}]
    (tmp_path / "tiny.ipynb").write_text(json.dumps({"cells": cells}))
    done = course_command("--course", course.root, "check", "tiny.ipynb", "--json", cwd=tmp_path)
    result = json.loads(done.stdout)
    assert done.returncode == 1
    assert (result["quiz"], result["score"], result["max_score"]) == ("more-tiny", 1, 2)
    assert [question["correct"] for question in result["questions"]] == [False, True]
    assert rows(tmp_path / "home", "quiz, item") == [("more", "more-q1"), ("tiny", "tiny-q1")]


def test_a_lesson_without_questions_says_so(built: Path, check: Check, tmp_path: Path) -> None:
    course = SoundCourse(tmp_path / "other")
    (course.root / "quizzes/tiny.yaml").unlink()
    answers(built, tmp_path / "tiny.ipynb", "'b'", "(5, 2)")
    done = course_command("--course", course.root, "check", "tiny.ipynb", cwd=tmp_path)
    assert done.returncode == 2 and "tiny.ipynb has no questions to check" in done.stderr


def test_marking_a_notebook_imports_nothing_heavy(
    built: Path, sound: SoundCourse, tmp_path: Path, environment: dict[str, str]
) -> None:
    answers(built, tmp_path / "tiny.ipynb", "'b'", "(5, 2)")
    imported = modules(tmp_path, environment, "--course", str(sound.root), "check", "tiny.ipynb")
    assert "grader.quiz.notebook_answers" in imported
    assert not imported & HEAVY
