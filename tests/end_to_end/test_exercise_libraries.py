"""An exercise with libraries of its own, from the author's proof to the graded class."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from judging import course_command
from running import Run
from sound_course import EXERCISE_YAML, SOLUTION, SOLUTION_PY, SoundCourse

from grader.classroom.exports.gradescope_run import main as grade_on_gradescope
from grader.content.libraries import installed_version

USES = "from packaging.version import Version\n" + SOLUTION + "assert Version('2') > Version('1.9')\n"
SENTENCE = "You may use numpy, TensorFlow, Keras and matplotlib, and for this exercise packaging"
LACKS = "exercise-x may use not-here>=2, which is not installed here"
COMMAND = "pip install 'not-here>=2'"


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    """A course whose exercise allows an installed library, which the solution uses."""
    course = SoundCourse(tmp_path / "sound")
    course.replace(EXERCISE_YAML, "text: Words.", "text: Words.\nlibraries:\n  - packaging>=20")
    course.write(SOLUTION_PY, USES)
    return course


@pytest.fixture
def lacking(sound: SoundCourse) -> SoundCourse:
    """The same course, but its exercise also allows a library that is not installed."""
    sound.replace(EXERCISE_YAML, "  - packaging>=20", "  - packaging>=20\n  - not-here >= 2")
    return sound


def hand_in(tmp_path: Path, source: str) -> None:
    path = tmp_path / "class" / "ada" / "exercise_x.py"
    path.parent.mkdir(parents=True)
    path.write_text(source)


# --- installed ---


def test_learners_may_use_the_library(run: Run, sound: SoundCourse, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text(USES)
    done = run("--course", sound.root, "check", "exercise-x", "--json")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert json.loads(done.stdout)["passed"]


def test_the_course_is_proven(run: Run, sound: SoundCourse) -> None:
    done = run("--course", sound.root, "validate", "exercise-x", "--seeds", "1", "--json")
    proof = json.loads(done.stdout)
    assert (proof["ok"], proof["warnings"]) == (True, []), proof


def test_a_class_is_graded(run: Run, sound: SoundCourse, tmp_path: Path) -> None:
    hand_in(tmp_path, USES)
    done = run("--course", sound.root, "grade", "class", "--no-sandbox")
    assert done.returncode == 0, done.stderr
    (line,) = (tmp_path / "grades" / "results.jsonl").read_text().splitlines()
    assert json.loads(line)["score"] == json.loads(line)["max_score"] == 4


def test_the_texts_name_the_library(run: Run, sound: SoundCourse, tmp_path: Path) -> None:
    assert f"\n{SENTENCE}.\n" in run("--course", sound.root, "start", "exercise-x").stdout
    run("--course", sound.root, "start", "exercise-x", "--notebook")
    assert SENTENCE in (tmp_path / "exercise_x.ipynb").read_text()


def test_the_tutor_names_the_library_and_the_missing_one(run: Run, lacking: SoundCourse) -> None:
    (lacking.root / "quizzes/practice/tiny.yaml").unlink()  # then the exercise comes after one question
    answers = "\n\nb\n\n\n\ns\nq\n"
    said = " ".join(run("--course", lacking.root, "learn", "tiny", input=answers).stdout.split())
    assert f"{SENTENCE} and not-here. {LACKS} — {COMMAND}" in said


def test_the_notebook_for_nbgrader_names_the_library(run: Run, sound: SoundCourse, tmp_path: Path) -> None:
    pytest.importorskip("nbgrader")
    sound.replace("exercises/exercise-x/visible_tests.py", "import pytest\n", "import pytest  # marks\n")
    done = run("--course", sound.root, "nbgrader", "build", "tiny", "--course-dir", "teaching")
    assert done.returncode == 0, done.stderr
    assert SENTENCE in (tmp_path / "teaching/source/tiny/exercise-x.ipynb").read_text()


def test_the_doctor_lists_the_library(run: Run, sound: SoundCourse) -> None:
    done = run("--course", sound.root, "doctor")
    assert f"packaging>=20, for exercise-x: {installed_version('packaging')}\n" in done.stdout
    assert "pip install" not in done.stdout


# --- not installed ---


def test_the_doctor_says_what_to_install(run: Run, lacking: SoundCourse) -> None:
    done = run("--course", lacking.root, "doctor")
    assert done.returncode == 0, "the other exercises can be checked"
    assert "not-here >= 2, for exercise-x: not installed\n" in done.stdout
    assert f"To do: {COMMAND}\n" in done.stdout


def test_the_doctor_works_without_a_sound_course(run: Run, lacking: SoundCourse, tmp_path: Path) -> None:
    lacking.replace(EXERCISE_YAML, "not-here >= 2", "-e .")
    done = run("--course", lacking.root, "doctor")
    assert done.returncode == 0 and "'-e .' is not a library" in done.stdout
    done = run("--course", tmp_path / "nowhere", "doctor")
    assert done.returncode == 0 and "is not a course" in done.stdout


def test_a_check_warns_and_judges(run: Run, lacking: SoundCourse, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text(USES)
    done = run("--course", lacking.root, "check", "exercise-x", "--json")
    assert (done.returncode, done.stderr) == (0, f"course: {LACKS} — {COMMAND}\n")
    assert json.loads(done.stdout)["passed"]


def test_watching_warns_once(run: Run, lacking: SoundCourse, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text(USES)
    done = run("--course", lacking.root, "watch", "exercise-x", "--no-record", input="q\n")
    assert (done.returncode, done.stderr) == (0, f"course: {LACKS} — {COMMAND}\n")


def test_nothing_is_graded(run: Run, lacking: SoundCourse, tmp_path: Path) -> None:
    hand_in(tmp_path, USES)
    done = run("--course", lacking.root, "grade", "class", "--no-sandbox")
    assert done.returncode == 3
    assert done.stderr == f"course: {LACKS}, so nothing is graded — run {COMMAND}, then grade again\n"
    assert not (tmp_path / "grades" / "results.jsonl").exists()


def test_a_cluster_refuses_where_its_workers_lack_the_library(lacking: SoundCourse, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    hand_in(tmp_path, USES)
    grade = ("--course", lacking.root, "grade", "class", "--no-sandbox", "--scheduler", "local:1")
    done = course_command(*grade, cwd=tmp_path)
    assert done.returncode == 3
    assert f"{LACKS}, so nothing is graded" in done.stderr


def test_other_work_is_graded(run: Run, lacking: SoundCourse, tmp_path: Path) -> None:
    answers = tmp_path / "class" / "ada" / "tiny_answers.yaml"
    answers.parent.mkdir(parents=True)
    answers.write_text("tiny-q1: b\n")
    assert run("--course", lacking.root, "grade", "class", "--no-sandbox").returncode == 0


def test_a_library_that_no_code_of_the_author_imports_is_a_warning(run: Run, lacking: SoundCourse) -> None:
    validate = ("--course", lacking.root, "validate", "exercise-x", "--seeds", "1")
    done = run(*validate, env={"COLUMNS": "200"})
    assert done.returncode == 0, done.stdout
    line = lacking.line(EXERCISE_YAML, "- not-here")
    what = f"not-here>=2 is not installed here, so it was not tried — {COMMAND}"
    assert f"exercise.yaml:{line}: warning: {what}" in " ".join(done.stdout.split())
    assert "Proven." in done.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "import not_here",
        *(
            pytest.param(each, marks=pytest.mark.exhaustive)
            for each in ("from not_here.deep import f", "import not_here.a as b")
        ),
    ],
)
def test_a_library_that_the_solution_imports_is_a_problem(
    run: Run, lacking: SoundCourse, statement: str
) -> None:
    lacking.append(SOLUTION_PY, f"\ndef unused():\n    {statement}\n")
    done = run("--course", lacking.root, "validate", "exercise-x", "--json")
    assert done.returncode == 2
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem["line"] == lacking.line(EXERCISE_YAML, "- not-here")
    assert problem["what"] == "not-here>=2 is not installed here, and solution.py imports it"
    assert problem["todo"] == COMMAND


# --- handed out ---


def test_whoever_installs_a_kit_gets_the_library(run: Run, lacking: SoundCourse, tmp_path: Path) -> None:
    done = run("--course", lacking.root, "kit", "kit", "--wheel")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("course_kit-*.whl")
    with zipfile.ZipFile(wheel) as content:
        (metadata,) = (name for name in content.namelist() if name.endswith("METADATA"))
        lines = content.read(metadata).decode().splitlines()
    assert {"Requires-Dist: packaging>=20", "Requires-Dist: not-here >= 2"} < set(lines)
    doctor = run("--course", tmp_path / "kit", "doctor")
    assert f"To do: {COMMAND}\n" in doctor.stdout
    (tmp_path / "exercise_x.py").write_text(USES)
    assert LACKS in run("--course", tmp_path / "kit", "check", "exercise-x").stderr


def test_a_kit_without_a_wheel_says_what_to_install(run: Run, lacking: SoundCourse) -> None:
    said = run("--course", lacking.root, "kit", "kit").stdout
    assert "Learners run: pip install 'packaging>=20' 'not-here >= 2'\nThen: course --course kit\n" in said


@pytest.fixture
def exported(run: Run, lacking: SoundCourse, tmp_path: Path) -> Path:
    """The unpacked autograder."""
    done = run("--course", lacking.root, "export", "gradescope", "exercise-x", "-o", "auto.zip")
    assert done.returncode == 0, done.stderr
    assert "Note: not-here>=2 is not installed here, so setup.sh installs its newest version" in done.stderr
    with zipfile.ZipFile(tmp_path / "auto.zip") as package:
        package.extractall(tmp_path / "root" / "source")
    return tmp_path / "root"


@pytest.mark.skipif(sys.platform == "win32", reason="Gradescope runs Linux")
def test_gradescope_installs_the_library(exported: Path, tmp_path: Path) -> None:
    """setup.sh runs with programs that only print their arguments."""
    pins = (exported / "source" / "constraints.txt").read_text()
    assert f"packaging=={installed_version('packaging')}\n" in pins
    assert "not-here" not in pins
    programs = tmp_path / "bin"
    programs.mkdir()
    fake = f'#!{shutil.which("sh")}\nif [ "$2" = venv ]; then {shutil.which("mkdir")} -p "$3/bin"; '
    fake += f'{shutil.which("cp")} {programs}/pip "$3/bin/pip"; fi\n'
    (programs / "pip").write_text('#!/bin/sh\nfor each; do echo "<$each>"; done\n')
    (programs / "apt-get").write_text("#!/bin/sh\n")
    (programs / "python3.12").write_text(fake)
    for program in programs.iterdir():
        program.chmod(0o755)
    done = subprocess.run(
        [shutil.which("bash") or "bash", exported / "source" / "setup.sh"],
        env={"PATH": str(programs), "AUTOGRADER_ROOT": str(exported)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    installed = re.findall("<(.*)>", done.stdout)
    assert installed[-2:] == ["packaging>=20", "not-here >= 2"]
    assert installed[-3].endswith(".whl")


def test_gradescope_grades_nobody_without_the_library(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (exported / "submission").mkdir()
    (exported / "submission" / "exercise_x.py").write_text(USES)
    assert grade_on_gradescope([str(exported)]) == 3
    assert LACKS in capsys.readouterr().err
    assert not (exported / "results" / "results.json").exists()
