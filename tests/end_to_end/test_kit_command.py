"""`course kit`, and a learner's work with a kit, from the first hint to the instructor's score."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from judging import course_command
from notebook_held_back import held_back, plain, strings

from grader.content.course import Course

WHOLE = Course.bundled()
EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"  # needs no TensorFlow
KEPT_BACK = ("solution.py", "hidden_tests.py", "mistakes/*.py")
EXERCISE = "exercise-lstm"
TEXTS = (".py", ".yaml", ".txt", ".md")


@dataclass(frozen=True)
class Kit:
    directory: Path
    wheel: Path
    tool: Path
    output: str


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    at = tmp_path_factory.mktemp("kits")
    done = course_command("kit", "day4-kit", "--wheel", cwd=at)
    assert done.returncode == 0, done.stderr
    (wheel,) = at.glob("recurrent_networks_kit-*.whl")
    (tool,) = at.glob("course_grader-*.whl")
    return Kit(at / "day4-kit", wheel, tool, done.stdout)


@pytest.fixture
def learner(kit: Kit, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `course` as a learner who has the kit."""

    def run(*args: str | Path, input: str = "") -> subprocess.CompletedProcess[str]:
        environment = {n: v for n, v in os.environ.items() if n != "COLUMNS"}
        done = subprocess.run(
            [Path(sys.executable).with_name("course"), *map(str, args)],
            cwd=tmp_path,
            env=environment | {"COURSE_HOME": str(tmp_path / "home"), "COURSE_DIR": str(kit.directory)},
            input=input,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


def instructor(*args: str | Path, cwd: Path) -> dict[str, object]:
    """Return the JSON output of a command on the full course."""
    done = course_command(*args, "--json", "--no-record", cwd=cwd)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def test_wheels_of_an_earlier_kit_are_named(tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(EXAMPLE, course)
    make = ("--course", course, "kit", "text", "--force")
    assert course_command(*make, "--wheel", cwd=tmp_path).stderr == ""
    assert course_command(*make, cwd=tmp_path).stderr == ""  # the wheel is of the same version
    (wheel,) = tmp_path.glob("text_statistics-*.whl")
    (quiz,) = (course / "quizzes").glob("*.yaml")
    quiz.write_text(quiz.read_text().replace("title: ", "title: New, ", 1))
    done = course_command(*make, cwd=tmp_path)
    assert f"Note: {wheel.name} holds an earlier version of this kit, so delete it; to write" in done.stderr
    assert f"{wheel.name} holds an earlier" in course_command(*make, "--wheel", cwd=tmp_path).stderr
    assert len([*tmp_path.glob("text_statistics-*.whl")]) == 2


# --- contents ---


def unpacked(kit: Kit, into: Path) -> list[Path]:
    """Return the kit's directory and the course directory of the unpacked wheel."""
    with zipfile.ZipFile(kit.wheel) as wheel:
        wheel.extractall(into)
    return [kit.directory, into / "recurrent_networks_kit" / "course"]


def test_the_kit_contains_no_file_that_is_held_back(kit: Kit, tmp_path: Path) -> None:
    secret = [
        path for id_ in WHOLE.exercise_ids for p in KEPT_BACK for path in WHOLE.exercise_dir(id_).glob(p)
    ]
    secret += [*WHOLE.root.glob("quizzes/**/*.yaml"), *WHOLE.root.glob("lessons/*.yaml")]
    secret += WHOLE.root.glob("exercises/*/exercise.yaml")
    hashes = {sha256(path.read_bytes()).digest() for path in secret}
    unpacked(kit, tmp_path)
    for root in (kit.directory, tmp_path):
        files = [path for path in root.rglob("*") if path.is_file()]
        assert files and not [p for p in files if sha256(p.read_bytes()).digest() in hashes]


def test_the_kit_contains_no_text_that_is_held_back(kit: Kit, tmp_path: Path) -> None:
    hidden = held_back(WHOLE, "day4", hints=False)
    for root in unpacked(kit, tmp_path):
        files = [path for path in root.rglob("*") if path.suffix in TEXTS]
        raw = "\n".join(path.read_text() for path in files)
        read = "\n".join(
            t for p in files if p.suffix == ".yaml" for t in strings(yaml.safe_load(p.read_text()))
        )
        everything = plain(raw) + plain(read)
        assert len(hidden) > 1000 and not [text for text in hidden if text in everything]


def test_the_wheel_contains_the_kit_and_no_other_course(kit: Kit) -> None:
    inside = {p.relative_to(kit.directory).as_posix() for p in kit.directory.rglob("*") if p.is_file()}
    place = "recurrent_networks_kit/course/"
    with zipfile.ZipFile(kit.tool) as wheel:
        assert not [name for name in wheel.namelist() if name.startswith("grader/course")]
    with zipfile.ZipFile(kit.wheel) as wheel:
        course = {n.removeprefix(place) for n in wheel.namelist() if n.startswith(place)}
    assert course == inside


def test_the_wheel_s_metadata_are_only_what_installers_need(kit: Kit) -> None:
    with zipfile.ZipFile(kit.wheel) as wheel:
        (name,) = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = wheel.read(name).decode()
    assert "Requires-Dist: tensorflow" in metadata
    assert "create_sequences" not in metadata


def test_the_wheels_bring_what_the_page_needs(kit: Kit) -> None:
    texts = []
    for path in (kit.wheel, kit.tool):
        with zipfile.ZipFile(path) as wheel:
            (name,) = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
            texts.append(wheel.read(name).decode())
    assert "Requires-Dist: course-grader[web]>=" in texts[0]
    assert "Provides-Extra: web\n" in texts[1]
    assert re.search(r"^Requires-Dist: starlette.*extra == 'web'$", texts[1], re.MULTILINE)


def test_the_command_says_how_learners_use_the_kit(kit: Kit) -> None:
    hidden = [(WHOLE.exercise_dir(each) / "hidden_tests.py").read_text() for each in WHOLE.exercise_ids]
    count = sum(text.count("\ndef test_") for text in hidden)
    assert f"without its {count} hidden tests" in kit.output
    assert f"pip install ./{kit.wheel.name} ./{kit.tool.name}\n" in kit.output


# --- a learner's work ---


def test_a_learner_begins_with_the_lesson(learner: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert "Next: course learn day4\n" in learner().stdout
    assert "  course learn day4\n" in learner("progress").stdout


def test_a_check_says_how_many_points_are_still_hidden(
    learner: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = learner("check", "exercise-cells", WHOLE.exercise_dir("exercise-cells") / "solution.py")
    assert done.returncode == 0, done.stderr
    assert "Visible tests: 8 of 8 passed, 2.75 of 2.75 points." in done.stdout
    assert "Your instructor will also run 18 hidden tests, worth 11.25 points." in done.stdout
    assert "Next: submit" in done.stdout
    home = learner().stdout
    assert "Exercises that pass their visible tests: 1 of" in home
    assert "Hand in exercise_cells.py." in home


@pytest.mark.exhaustive
def test_the_visible_tests_report_the_same_as_in_the_full_course(
    learner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    wrong = WHOLE.exercise_dir(EXERCISE) / "solution.py"
    mine = tmp_path / "exercise_lstm.py"
    mine.write_text(wrong.read_text().replace("train_ratio", "1 - train_ratio", 1))
    here = json.loads(learner("check", EXERCISE, mine, "--json").stdout)
    there = instructor("check", EXERCISE, mine, cwd=tmp_path)
    assert here["withheld"] == {"tests": 19, "points": 12.5}
    assert "withheld" not in there
    assert here["tests"] == [test for test in there["tests"] if test["visible"]]
    assert (here["seed"], here["version"]) == (there["seed"], there["version"])
    assert here["max_score"] + here["withheld"]["points"] == there["max_score"]


def test_answers_are_recorded_and_marked_only_by_the_instructor(
    learner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    taken = learner("quiz", "day4", input="a\nh\nc\nzz\ns\n?\nd\nq\n")
    assert taken.returncode == 1, taken.stderr
    assert "3 of 5 questions of day4 are answered" in taken.stdout
    assert not [word for word in ("Right", "Not yet", "correct", "Score") if word in taken.stdout]
    assert "3 of 5" in learner().stdout
    again = learner("quiz", "day4", input="b\nb\n")
    assert again.returncode == 0, again.stderr
    assert "Question 1 of 5" not in again.stdout, "an answered question must not be asked again"
    assert "Hand in day4_answers.yaml." in learner().stdout
    marked = instructor("quiz", "day4", "--answers", "day4_answers.yaml", cwd=tmp_path)
    answers = {question["id"]: question["answer"] for question in marked["questions"]}
    assert answers == {"day4-q1": "a", "day4-q2": "c", "day4-q3": "b", "day4-q4": "d", "day4-q5": "b"}
    assert marked["score"] == 4.0


def test_answers_can_be_typed_as_in_the_course(
    learner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    taken = learner("quiz", "day4", input="2\n(c)\nB.\n 4 \nhint\n9\n2\n")
    assert taken.returncode == 0, taken.stdout
    assert "Please type one of the letters a-d." in taken.stdout  # there are only four options
    answers = yaml.safe_load((tmp_path / "day4_answers.yaml").read_text())
    assert answers == {"day4-q1": "b", "day4-q2": "c", "day4-q3": "b", "day4-q4": "d", "day4-q5": "b"}


def test_an_answer_can_be_changed(
    learner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    learner("quiz", "day4", input="a\na\na\na\na\n")
    changed = learner("quiz", "day4", "--new", input="\n\nb\nq\n")
    assert "Your answer so far: Lack of training data" in changed.stdout
    answers = yaml.safe_load((tmp_path / "day4_answers.yaml").read_text())
    assert answers == {"day4-q1": "a", "day4-q2": "a", "day4-q3": "b", "day4-q4": "a", "day4-q5": "a"}


def test_a_file_of_answers_is_recorded_without_a_verdict(
    learner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text("day4-q1: b\nday4-q4: d\n")
    done = learner("quiz", "day4", "--answers", "mine.yaml", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 1
    assert (result["score"], result["max_score"]) == (None, 5.0)
    assert [q["answer"] for q in result["questions"]] == ["b", None, None, "d", None]
    assert {q["correct"] for q in result["questions"]} == {None}


def test_a_wrong_file_of_answers_is_refused_with_its_lines(
    learner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text("day4-q1: zebra\nday4-q9: a\n")
    done = learner("quiz", "day4", "--answers", "mine.yaml")
    assert done.returncode == 2
    assert "mine.yaml:1:" in done.stderr and "mine.yaml:2:" in done.stderr


def test_a_file_of_the_same_name_is_not_overwritten(
    learner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "day4_answers.yaml").write_text("day4-q1: b\n")
    done = learner("quiz", "day4", input="a\nq\n")
    assert done.returncode == 2
    assert "already exists" in done.stderr
    assert (tmp_path / "day4_answers.yaml").read_text() == "day4-q1: b\n"


def test_a_kit_has_hints_but_no_solutions(
    learner: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    assert "hint 1 of" in learner("hint", "day4-q3").stdout
    assert "hint 2 of" in learner("hint", "day4-q3").stdout
    function = ("hint", EXERCISE, "split_train_test")
    last = [learner(*function).stdout for _ in range(6)][-1]
    assert "Ask your instructor for the solution." in " ".join(last.split())
    asked = learner(*function, "--solution")
    assert asked.returncode == 2
    assert "does not have the solutions" in asked.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("validate",), "is a learner's kit"),
        (("kit", "again"), "is a learner's kit"),
        (("nbgrader", "build", "day4", "--course-dir", "x"), "is a learner's kit"),
        (("quiz", "day4", "--practice"), "has no practice questions"),
        (("quiz", "day5"), "did you mean day4?"),
        (("hint", "day4-q33"), "did you mean day4-q3?"),
    ],
)
def test_commands_that_a_kit_cannot_serve_say_so(
    learner: Callable[..., subprocess.CompletedProcess[str]], args: tuple[str, ...], says: str
) -> None:
    done = learner(*args)
    assert done.returncode == 2
    assert says in done.stderr


def test_the_lesson_says_where_its_questions_are(
    learner: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    assert "course quiz day4" in learner("lesson", "day4", "1.2").stdout
    assert "course quiz day4" in learner("learn", "day4", input="\n" * 4).stdout


# --- the wheel ---


class Place:
    """An environment of its own with wheels, which borrows this environment's packages except some."""

    def __init__(self, root: Path, wheels: Sequence[Path], without: tuple[str, ...] = ()) -> None:
        self.root = root
        venv.create(root / "venv", with_pip=False, symlinks=os.name != "nt")
        self.python = root / "venv" / Path(sys.executable).relative_to(sys.prefix)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        install = ["--python", str(self.python), "install", "--no-deps", "--no-index", *map(str, wheels)]
        subprocess.run([*pip, *install], check=True, timeout=300)
        borrowed = root / "borrowed"
        borrowed.mkdir()
        for path in Path(sysconfig.get_path("purelib")).iterdir():
            # a .pth file would lead to the checkout
            if not path.name.startswith((*without, "course_grader")) and path.suffix != ".pth":
                (borrowed / path.name).symlink_to(path)
        (site,) = (root / "venv").glob("**/site-packages")
        (site / "borrowed.pth").write_text(f"{borrowed}\n")

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("COURSE_DIR", "COLUMNS")}
        # the links lead to directories that bubblewrap does not show to a worker
        away = {"COURSE_HOME": str(self.root / "home"), "PATH": str(self.root)}
        return subprocess.run(
            [self.python.with_name("course"), *args],
            cwd=self.root,
            env=kept | away,
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.mark.exhaustive
@pytest.mark.skipif(os.name == "nt", reason="makes symbolic links")
def test_two_kits_live_in_one_environment(kit: Kit, tmp_path: Path) -> None:
    done = course_command("--course", EXAMPLE, "kit", "text", "--wheel", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (text,) = tmp_path.glob("text_statistics-*.whl")
    place = Place(tmp_path / "both", [text, kit.wheel, kit.tool])
    asked = place.run()
    assert asked.returncode == 2
    assert "2 courses are installed — name one:" in asked.stderr
    assert "  course --course text-statistics" in asked.stderr
    assert "Counting words" in place.run("--course", "text-statistics").stdout
    day4 = place.run("--course", "recurrent-networks-kit")
    assert day4.returncode == 0 and "This is a learner's kit" in day4.stdout, day4.stderr


@pytest.mark.skipif(os.name == "nt", reason="makes symbolic links")
def test_a_course_that_does_not_need_tensorflow_works_without_it(tmp_path: Path) -> None:
    done = course_command("--course", EXAMPLE, "kit", "text", "--wheel", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    wheels = [*tmp_path.glob("*.whl")]
    for path in wheels:
        with zipfile.ZipFile(path) as wheel:
            (name,) = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
            assert "tensorflow" not in wheel.read(name).decode()
    place = Place(tmp_path / "light", wheels, without=("tensorflow", "keras"))
    assert place.run("start", "exercise-words").returncode == 0
    given = EXAMPLE / "exercises/exercise-words/data/fable.txt"  # a data file, which the wheel brings
    assert (place.root / "data/fable.txt").read_bytes() == given.read_bytes()
    check = place.run("check", "exercise-words", "--json")
    assert check.returncode == 1, check.stderr
    assert json.loads(check.stdout)["environment"]["tensorflow"] == ""
    doctor = place.run("doctor")
    assert "tensorflow: not installed" in doctor.stdout and "pip install tensorflow" not in doctor.stdout


def test_answers_in_a_lesson_s_notebook_are_recorded_without_a_verdict(
    learner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    cells = [{"cell_type": "code", "source": f"answer_day4_q{n} = 'b'", "metadata": {}} for n in (1, 2, 3)]
    (tmp_path / "day4.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}))
    done = learner("check", "day4.ipynb")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("3 of 5 questions of day4 are answered. Your instructor marks them")
    assert "3 of 5" in learner().stdout
