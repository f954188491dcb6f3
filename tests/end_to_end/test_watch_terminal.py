"""`course watch` and `course check` at a real terminal of 80x24: what is on the screen after each save."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from small import RIGHT, write_small_course

pytest.importorskip("pexpect", reason="needs a pseudo-terminal")
pytest.importorskip("pyte", reason="needs a terminal emulator")
from screens import Emulated

WRONG = RIGHT.replace("2 *", "3 *")
LONG = RIGHT.replace("return 2 *", "raise ValueError('\\n'.join(map(str, range(40))))\n    return 2 *")
KEYS = "Keys: h hint, o open the lesson, r check again, q quit."


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "exercise_x.py").write_text(RIGHT)
    return write_small_course(tmp_path / "course")


@pytest.fixture
def watching(command: str, environment: dict[str, str], tmp_path: Path, course: Path) -> Iterator[Emulated]:
    with Emulated(command, environment, tmp_path, "--course", str(course), "watch", "exercise-x") as screen:
        screen.wait_for("Score: 4 of 4 points", KEYS)
        yield screen


def test_after_any_save_the_whole_message_is_on_the_screen(watching: Emulated, tmp_path: Path) -> None:
    file = tmp_path / "exercise_x.py"
    for code, score, told in [
        (WRONG, "Score: 1 of 4", ["✗ double", "✓ first", "failed Two is four. (visible)", "It should be 4"]),
        (
            "def double(:\n",
            "Score: 0 of 4",
            ["Python cannot read line 1", "not run: double was left out"],
        ),
        ("1 / 0\n" + WRONG, "Score: 1 of 4", ["ZeroDivisionError", "It should be 4"]),
        (LONG, "Score: 1 of 4", ["error Two is four. (visible)", "ValueError"]),
        (RIGHT, "Score: 4 of 4", ["✓ double", "✓ first", "3 of 3, 2 tests passed"]),
    ]:
        file.write_text(code)
        watching.wait_for(score, *told, KEYS)
        assert watching.scrolled == 0


def test_it_rings_once_when_all_tests_pass_and_sets_the_title(watching: Emulated, tmp_path: Path) -> None:
    assert (watching.output.count("\a"), watching.title) == (1, "exercise-x: all tests passed")
    watching.send("r")
    watching.wait_for("Score: 4 of 4", KEYS)
    (tmp_path / "exercise_x.py").write_text(WRONG)
    watching.wait_for("Score: 1 of 4")
    assert (watching.output.count("\a"), watching.title) == (1, "exercise-x: 1 of 4 points")
    (tmp_path / "exercise_x.py").write_text(RIGHT)
    watching.wait_for("Score: 4 of 4")
    assert watching.output.count("\a") == 2


def test_h_shows_a_hint_in_place_of_the_verdict_and_q_comes_back(watching: Emulated, tmp_path: Path) -> None:
    (tmp_path / "exercise_x.py").write_text(WRONG)
    watching.wait_for("Score: 1 of 4")
    watching.send("h")
    assert "Score" not in watching.wait_for("exercise-x/double, hint 1 of 1", "back to your check")
    watching.send("q")
    watching.wait_for("Score: 1 of 4", KEYS)
    watching.send("q")
    assert watching.end() == 0


@pytest.mark.exhaustive
def test_o_opens_the_lesson_page_by_page(command: str, environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "exercise_lstm.py").write_text("def create_sequences(data, seq_length):\n    return 1, 2\n")
    with Emulated(command, environment, tmp_path, "watch", "exercise-lstm") as screen:
        screen.wait_for("Score: 0 of 16", KEYS)
        screen.send("o")
        screen.wait_for("8 LSTM Implementation", "page 1 of", "space: more, q: back to your check")
        screen.send(" ")
        screen.wait_for("page 2 of", "b: back")
        screen.send("b")
        screen.wait_for("page 1 of")
        assert screen.scrolled == 0
        screen.send("q")
        screen.wait_for("Score: 0 of 16", KEYS)


def test_a_check_has_colors_on_a_terminal(
    command: str, environment: dict[str, str], tmp_path: Path, course: Path
) -> None:
    (tmp_path / "exercise_x.py").write_text(WRONG)
    args = ["--course", str(course), "check", "exercise-x"]
    with Emulated(command, environment, tmp_path, *args) as screen:
        assert screen.end() == 1
        assert (screen.color_of("✓ first"), screen.color_of("✗ double")) == ("green", "red")
        assert screen.text.split("\n")[-1].startswith("A hint:")
        assert "Confinement: " not in screen.text  # a learner need not know how their code is confined


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"COURSE_PLAIN": "1"}, {"TERM": "dumb"}])
def test_who_wants_no_color_gets_none(
    command: str, environment: dict[str, str], tmp_path: Path, course: Path, setting: dict[str, str]
) -> None:
    args = ["--course", str(course), "check", "exercise-x"]
    with Emulated(command, environment | setting, tmp_path, *args) as screen:
        assert screen.end() == 0
        assert "\x1b[3" not in screen.output
        assert "double  3 of 3, 2 tests passed" in screen.text


def test_a_pipe_gets_no_colors_and_no_signs(
    command: str, environment: dict[str, str], tmp_path: Path, course: Path
) -> None:
    args = [command, "--course", str(course), "check", "exercise-x"]
    done = subprocess.run(args, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert "\x1b" not in done.stdout and "✓" not in done.stdout
    assert "double  3 of 3, 2 tests passed" in done.stdout


SLOW = f"import time\ntime.sleep(4)\n{WRONG}"


def test_a_check_that_takes_long_shows_its_progress_and_the_time_left(
    command: str, environment: dict[str, str], tmp_path: Path, course: Path
) -> None:
    (tmp_path / "exercise_x.py").write_text(SLOW)
    args = ["--course", str(course), "check", "exercise-x"]
    with Emulated(command, environment, tmp_path, *args) as screen:
        screen.wait_for("Loading your code …")
        assert screen.end() == 1
        assert "about" not in screen.output and "Loading" not in screen.text
    with Emulated(command, environment, tmp_path, *args) as screen:
        screen.wait_for("Loading your code, about")
        assert screen.end() == 1


def test_a_pipe_gets_no_progress(
    command: str, environment: dict[str, str], tmp_path: Path, course: Path
) -> None:
    (tmp_path / "exercise_x.py").write_text(SLOW)
    args = [command, "--course", str(course), "check", "exercise-x"]
    done = subprocess.run(args, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
