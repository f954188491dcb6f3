"""Wrong command lines: each ends with a sentence that says what is wrong, and with its exit code."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from grader.cli import main
from grader.content.course import Course

EXERCISE = "exercise-sum"
CASES = [
    # the wrong kind of id, or none
    ("check tiny", 2, "no exercise is called 'tiny' (it is a lesson and a quiz) — choose from exercise-sum"),
    ("start tiny", 2, "no exercise is called 'tiny' (it is a lesson and a quiz)"),
    ("quiz exercise-sum", 2, "no quiz is called 'exercise-sum' (it is an exercise) — choose from tiny"),
    ("learn exercise-sum", 2, "no lesson is called 'exercise-sum' (it is an exercise)"),
    ("lesson 9", 2, "no section of lesson tiny is called '9'"),
    ("hint tiny-q9", 2, "no question or exercise is called 'tiny-q9' — did you mean tiny-q"),
    ("hint exercise-sum sum", 2, "no function of exercise-sum is called 'sum' — "),
    ("chek exercise-sum", 2, "no command is called 'chek' — did you mean check?"),
    ("export quiz exercise-sum --format gift -o a", 2, "(it is an exercise)"),
    ("export gradescope tiny -o a.zip", 2, "(it is a lesson and a quiz)"),
    ("validate nowhere", 2, "no lesson, quiz or exercise is called 'nowhere'"),
    ("validate nowhere.py", 0, "(nowhere.py: no such file)"),
    ("schema", 2, "Name one KIND (course, lesson, quiz, "),
    # files that are missing, empty or of the wrong kind
    ("check", 2, "there is no exercise_sum.ipynb or exercise_sum.py here"),
    ("check nowhere.py", 2, "nowhere.py does not exist — "),
    ("check exercise-sum folder", 2, "folder is a directory — name the file that holds your code"),
    ("check exercise-sum empty.py", 2, "empty.py is empty — "),
    ("check exercise-sum empty.ipynb", 2, "empty.ipynb is not a notebook: it is empty — "),
    ("check exercise-sum noise.py", 2, "noise.py is not text"),
    ("check empty.py exercise-sum", 2, "the exercise comes first — type: course check exercise-sum empty.py"),
    ("watch exercise-sum nowhere.py", 2, "nowhere.py does not exist"),
    ("quiz --answers folder", 2, "folder is a directory — name a file"),
    ("quiz --answers empty.yaml", 2, "empty.yaml:1: the file is empty — write a line for each question"),
    ("progress --import folder", 2, "folder cannot be read: Is a directory"),
    ("progress --import empty.yaml", 0, "empty.yaml holds no attempts."),
    ("progress --export folder", 3, "folder cannot be written: Is a directory"),
    ("grade nowhere", 2, "nowhere does not exist — name the directory that holds the submissions"),
    ("grade empty.zip", 2, "empty.zip is not a zip file, or is damaged"),
    ("grade empty.py", 2, "empty.py is neither a directory nor a zip file"),
    ("grade folder --class empty.yaml -o out", 2, "the file is empty — write its fields, at least timezone"),
    ("report", 2, "there is no grades — name the directory that `course grade` wrote"),
    ("report folder", 2, "there is no folder/results.jsonl"),
    ("export feedback folder out", 2, "there is no folder/results.jsonl"),
    (
        "export grades --format moodle -o a.csv",
        2,
        "there is no grades — name the directory that `course grade`",
    ),
    (
        "export feedback grades a.zip",
        2,
        "a.zip would be a directory — add --format moodle or --format canvas",
    ),
    ("export feedback grades a --format moodle", 2, "a would be a zip file — name it a.zip"),
    ("kit empty.py", 2, "empty.py is not a directory — name a new one"),
    ("new course empty.py", 2, "empty.py is not a directory — name another one"),
    ("--course folder lesson", 2, "folder is not a course: it has no course.yaml"),
    ("--course empty.py lesson", 2, "empty.py is not a course"),
    # places that cannot be written
    ("progress --export empty.py/a", 3, "empty.py/a cannot be written: "),
    ("kit empty.py/kit", 3, "cannot be written: "),
]


@pytest.mark.parametrize(("line", "code", "says"), CASES, ids=[case[0] for case in CASES])
def test_a_wrong_command_line_is_explained(
    tiny: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
    code: int,
    says: str,
) -> None:
    here = tmp_path / "here"
    (here / "folder").mkdir(parents=True)
    for name in ("empty.py", "empty.ipynb", "empty.yaml", "empty.zip"):
        (here / name).touch()
    (here / "noise.py").write_bytes(bytes(range(128, 256)))
    monkeypatch.chdir(here)
    monkeypatch.setenv("COURSE_DIR", str(tiny))
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.argv", ["course", *shlex.split(line)])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert says in " ".join((printed.out + printed.err).split())
    assert ended.value.code == code


def test_the_only_exercise_that_was_begun_may_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = Path(__file__).parents[2] / "examples" / "text-statistics"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_DIR", str(example))
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))

    def said(*args: str) -> str:
        monkeypatch.setattr("sys.argv", ["course", *args])
        with pytest.raises(SystemExit):
            main()
        return " ".join("".join(capsys.readouterr()).split())

    two = "2 exercises — name one: course {0} exercise-words course {0} exercise-sentences"
    assert said("hint").endswith(f"this course has {two.format('hint')}")
    (tmp_path / "exercise_words.py").touch()
    assert said("hint").startswith("exercise-words/")
    assert "exercise_words.py is empty" in said("check")
    assert said("start").endswith(f"this course has {two.format('start')}")
    (tmp_path / "exercise_sentences.py").touch()
    assert said("check").endswith(f"this directory has files of {two.format('check')}")


def test_who_forgot_to_name_the_course_is_told_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = Path(__file__).parents[2] / "examples" / "text-statistics"
    monkeypatch.delenv("COURSE_DIR", raising=False)
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))

    def said(line: str) -> str:
        monkeypatch.setattr("sys.argv", ["course", *shlex.split(line)])
        with pytest.raises(SystemExit):
            main()
        return " ".join("".join(capsys.readouterr()).split())

    monkeypatch.chdir(tmp_path)
    told = said("check exercise-words")
    assert "was searched. For another course, put --course DIR before the command: course --course" in told
    assert "this directory is in a course" not in told
    assert "was searched" not in said("quiz day5")  # a typing error
    named = said(f"--course {shlex.quote(str(example))} quiz nothing-like-it")
    assert "no quiz is called 'nothing-like-it'" in named and "was searched" not in named
    assert "--course goes before the command: course --course DIR export …" in said(
        "export quiz x --course ."
    )
    (tmp_path / "work").mkdir()
    assert "work for another course needs course --course DIR grade" in said("grade work")
    monkeypatch.chdir(example)
    told = said("check exercise-words")
    assert told.count("Note: this directory is in a course, but the command uses the one in") == 1
    assert "to use the course here: course --course . check" in told
    assert "was searched" not in said("validate nothing-like-it")  # which validates the course here
    monkeypatch.chdir(example / "lessons")
    assert f"course --course {shlex.quote(str(example))} check" in said("check exercise-words")
    assert "this directory is in a course" not in said("--course .. check exercise-words")
    checkout = tmp_path / "checkout"  # of the course that is installed
    checkout.mkdir()
    shutil.copyfile(Course.bundled().root / "course.yaml", checkout / "course.yaml")
    monkeypatch.chdir(checkout)
    assert "this directory is in a course" not in said("check exercise-words")
