"""A course that someone sent cannot put private files into notebooks, or speak to a terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from judging import course_command
from tiny_course import EXERCISE, LESSON, QUIZ, write_course

from grader.content.course import Course
from grader.content.decode import decode
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.problem import ContentError
from grader.content.quiz import Quiz
from grader.content.yaml_core import read_text
from grader.errors import CourseError


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    (tmp_path / "id_rsa").write_text("PRIVATE")
    return write_course(tmp_path / "course")


OUTSIDE = [
    "/etc/hostname",
    "../../../id_rsa",
    "a/../../../id_rsa",
    "./three.svg",
    "..\\\\..\\\\id_rsa",
    "C:\\\\id_rsa",
    "C:id_rsa",
    "a//b.svg",
]


@pytest.mark.parametrize("file", OUTSIDE)
def test_a_figure_lies_below_lessons_figures(file: str) -> None:
    """Attack 13: a lesson names any file as its figure, and learners get it in a notebook."""
    assert "file: three.svg" in LESSON
    for fields in (f'file: "{file}"', f'file: three.svg, narrow: "{file}"'):
        with pytest.raises(ContentError, match="is not in lessons/figures — put the figure there"):
            decode(LESSON.replace("file: three.svg", fields), "l.yaml", Lesson)


def test_a_figure_may_lie_in_a_folder() -> None:
    assert decode(LESSON.replace("file: three.svg", "file: part-1/three.svg"), "l.yaml", Lesson)


@pytest.mark.parametrize(
    "command", ["lesson", "lesson --figures", "learn", "kit out", "nbgrader build tiny --course-dir n"]
)
def test_no_command_shows_a_figure_from_elsewhere(tiny: Path, tmp_path: Path, command: str) -> None:
    lesson = tiny / "lessons/tiny.yaml"
    lesson.write_text(lesson.read_text().replace("file: three.svg", "file: ../../../id_rsa"))
    done = course_command("--course", tiny, *command.split(), cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "is not in lessons/figures" in done.stderr and "Traceback" not in done.stderr


LINKS: dict[str, Callable[[Path, Path], None]] = {
    "a figure": lambda c, secret: (c / "lessons/three.svg").symlink_to(secret),
    "a starter": lambda c, secret: (c / "exercises/exercise-sum/solution.py").symlink_to(secret),
    "an exercise": lambda c, secret: (c / "exercises/exercise-y").symlink_to(secret.parent),
    "by way of a directory inside": lambda c, secret: (
        (c / "hidden").mkdir(),
        (c / "hidden/x.yaml").symlink_to(secret),
        (c / "quizzes/more").symlink_to("../hidden"),
    )[0],
    "the kit": lambda c, secret: (c / "kit.yaml").symlink_to(secret),
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_a_link_out_of_the_course_is_refused(
    tiny: Path, tmp_path: Path, link: Callable[[Path, Path], None]
) -> None:
    """Attack: names stay inside, but the files are links to private ones."""
    link(tiny, tmp_path / "id_rsa")
    with pytest.raises(CourseError, match="leads out of the course"):
        Course(tiny)


def test_links_within_a_course_are_followed(tiny: Path) -> None:
    (tiny / "shared.yaml").write_text(QUIZ.replace("id: tiny\n", "id: other\n", 1))
    (tiny / "quizzes/other.yaml").symlink_to("../shared.yaml")
    (tiny / "lessons/round").symlink_to(".")
    assert Course(tiny).quiz("other").id == "other"


ESCAPES = ["\\e]52;c;ZXZpbA==\\a", "\\e[2J", "\\x07", "\\x9b2J", "\\r", "\\b", "\\u202e", "\\N", "\\x7f"]


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize(
    ("text", "old", "kind"),
    [
        (LESSON, "title: Counting", Lesson),
        (QUIZ, "title: A tiny quiz", Quiz),
        (EXERCISE, "title: Adding", Exercise),
    ],
)
def test_a_text_that_commands_the_terminal_is_refused(escape: str, text: str, old: str, kind: type) -> None:
    """Attack 14: a title that writes to the clipboard."""
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(ContentError) as caught:
        decode(text.replace(old, f'title: "a{escape}"'), "f.yaml", kind)
    (problem,) = caught.value.problems
    assert problem.line == line and "is not allowed" in problem.what


@pytest.mark.parametrize("name", ["x\x1b[2J", "x\x9b2J"])
def test_a_field_s_name_cannot_do_it_either(name: str) -> None:
    escaped = name.encode("unicode_escape").decode()
    with pytest.raises(ContentError) as caught:
        decode(f'"{escaped}": 1\n' + LESSON, "f.yaml", Lesson)
    assert not {"\x1b", "\x9b"} & set(str(caught.value))


def test_tabs_lines_and_other_scripts_are_fine() -> None:
    text = LESSON.replace(
        "introduction: How to count.", 'introduction: "a\\tb\\nc \u05d0\u200f 👩\u200d🔬 é\u0301"'
    )
    assert "\t" in decode(text, "f.yaml", Lesson).introduction


def test_a_solution_that_commands_the_terminal_is_refused(tmp_path: Path) -> None:
    """Attack: `course hint` prints the solution, with what a comment holds."""
    (tmp_path / "solution.py").write_text("x = 1\n# \x1b]0;pwned\x07\n")
    with pytest.raises(ContentError, match=r"solution.py:2: the control character U\+001B is not allowed"):
        read_text(tmp_path / "solution.py")


def test_the_commands_of_the_attack_say_nothing_to_the_terminal(tiny: Path, tmp_path: Path) -> None:
    lesson = tiny / "lessons/tiny.yaml"
    lesson.write_text(lesson.read_text().replace("title: Counting", 'title: "Count\\e]0;pwned\\a\\e[2Jing"'))
    for command in ("lesson tiny", "learn tiny", "validate"):
        done = course_command("--course", tiny, *command.split(), cwd=tmp_path)
        assert done.returncode, done.stdout
        assert "\x1b" not in done.stdout + done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_a_pipe_in_a_course_is_not_waited_for(tiny: Path, tmp_path: Path) -> None:
    """Attack: a lesson that never ends."""
    (tiny / "lessons/tiny.yaml").unlink()
    os.mkfifo(tiny / "lessons/tiny.yaml")
    done = course_command("--course", tiny, "lesson", "tiny", cwd=tmp_path)
    assert done.returncode == 2 and "is not a file but a pipe or device — delete it" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    "name", ["quizzes/x\x1b[2J.yaml", "exercises/y\x1b]0;p\x07/exercise.yaml", "lessons/\u202ex"]
)
@pytest.mark.parametrize("command", ["validate", "start nope", "quiz nope"])
def test_a_file_s_name_cannot_command_the_terminal(
    tiny: Path, tmp_path: Path, name: str, command: str
) -> None:
    """Attack: messages name the files and ids of a course."""
    (tiny / name).parent.mkdir(exist_ok=True)
    (tiny / name).write_text(QUIZ)
    done = course_command("--course", tiny, *command.split(), cwd=tmp_path)
    assert done.returncode == 2 and "give it a plain name" in done.stderr
    assert not {"\x1b", "\u202e"} & set(done.stdout + done.stderr)
