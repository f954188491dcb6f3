"""`course lesson`, as learners run it."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Run

from grader.content.course import Course

LESSON = Course.bundled().lesson("day4")


def test_the_whole_lesson_is_shown_in_order(run: Run) -> None:
    done = run("lesson", "day4")
    assert done.returncode == 0
    places = [done.stdout.index(f"\n{section.id} {section.title}"[:60]) for section in LESSON.sections]
    assert places == sorted(places)
    assert "Glossary" in done.stdout
    for term in LESSON.glossary:
        assert f"{term.term}:" in done.stdout
    assert "`course quiz day4`" in done.stdout
    assert "`course start exercise-lstm`" in done.stdout


def test_a_pipe_gets_plain_text(run: Run) -> None:
    lines = run("lesson", "day4").stdout.split("\n")
    assert not [line for line in lines if "\x1b" in line or line != line.rstrip()]


def test_a_narrow_screen_is_respected(run: Run) -> None:
    lines = run("lesson", "day4", env={"COLUMNS": "40"}).stdout.split("\n")
    # code and paths are not wrapped
    assert not [line for line in lines if len(line) > 40 and " " in line.strip() and line[:4].strip()]


def test_a_section_is_shown_with_its_subsections_only(run: Run, tiny: Path) -> None:
    output = run("--course", tiny, "lesson", "tiny", "1").stdout
    assert "1 Numbers" in output
    assert "1.1 More numbers" in output
    assert "2 Sums" not in output
    assert "How to count." not in output
    only = run("--course", tiny, "lesson", "tiny", "1.1").stdout
    assert "1 Numbers" not in only
    assert "Three, xₜ₋₁ and `$x_1$`." in only  # formulas are rendered, except inside code
    assert "Figure: Three dots" in only
    assert "Description: Three black dots in a row" in only
    assert "To see it: `course lesson tiny 1.1 --figures`" in only
    figures = run("--course", tiny, "lesson", "tiny", "1.1", "--figures").stdout
    assert figures == f"{tiny / 'lessons/figures/three.svg'}\n"


def test_the_end_of_a_section_names_its_questions_and_exercises(run: Run, tiny: Path) -> None:
    assert "Questions tiny-q1 and tiny-q2 of the quiz: `course quiz tiny`" in " ".join(
        run("--course", tiny, "lesson", "tiny", "1").stdout.split()
    )
    output = run("--course", tiny, "lesson", "tiny", "2").stdout
    assert "Question tiny-q3 of the quiz: `course quiz tiny`" in output
    assert "Exercise: `course start exercise-sum`" in output


def test_the_only_lesson_needs_no_id(run: Run, tiny: Path) -> None:
    for arguments in ([], ["1.1"], ["--list"]):
        named = run("--course", tiny, "lesson", "tiny", *arguments)
        assert run("--course", tiny, "lesson", *arguments).stdout == named.stdout
    assert "no section of lesson tiny is called '3'" in run("--course", tiny, "lesson", "3").stderr


@pytest.mark.parametrize("name", ["lesson", "learn", "quiz"])
def test_of_several_one_must_be_named(run: Run, tiny: Path, name: str) -> None:
    for folder in ("lessons", "quizzes"):
        text = (tiny / folder / "tiny.yaml").read_text()
        (tiny / folder / "more.yaml").write_text(text.replace("id: tiny\n", "id: more\n"))
    done = run("--course", tiny, name)
    kind = "quizzes" if name == "quiz" else "lessons"
    assert done.returncode == 2
    assert done.stderr == (
        f"course: this course has 2 {kind} — name one:\n  course {name} more\n  course {name} tiny\n"
    )
    assert "no lesson is called '1'" in run("--course", tiny, "lesson", "1").stderr


@pytest.mark.parametrize("name", ["lesson", "learn", "quiz"])
def test_a_course_without_any_says_so(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty" / "exercises").mkdir(parents=True)
    done = run("--course", tmp_path / "empty", name)
    assert (done.returncode, "this course has no" in done.stderr) == (2, True)


def test_contents_and_glossary_can_be_listed(run: Run, tiny: Path) -> None:
    output = run("--course", tiny, "lesson", "tiny", "--list").stdout
    assert "1  Numbers\n  1.1  More numbers\n2  Sums\n" in output
    assert "Number: A count. (section 1)" in run("--course", tiny, "lesson", "tiny", "--glossary").stdout


@pytest.mark.parametrize("wanted", ["3.22", "33", "x", "", "-"])
def test_an_unknown_section_is_refused(run: Run, wanted: str) -> None:
    done = run("lesson", "day4", wanted)
    assert done.returncode == 2
    assert "no section of lesson day4 is called" in done.stderr


def test_the_nearest_section_and_lesson_are_suggested(run: Run) -> None:
    assert "did you mean 3.2?" in run("lesson", "day4", "3.22").stderr
    assert "did you mean day4?" in run("lesson", "day").stderr


def test_a_broken_quiz_does_not_prevent_reading(run: Run, tiny: Path) -> None:
    (tiny / "quizzes/tiny.yaml").write_text("id: tiny\n")
    done = run("--course", tiny, "lesson", "tiny")
    assert done.returncode == 0
    assert "One and two." in done.stdout
    assert "tiny.yaml:1:" in done.stderr


def test_reading_leaves_no_trace(run: Run, home: Path) -> None:
    run("lesson", "day4", "1")
    assert not home.exists()


def test_a_terminal_gets_a_pager(command: str, environment: dict[str, str], tiny: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    environment = environment | {"PAGER": "cat"}
    child = pexpect.spawn(
        command, ["--course", str(tiny), "lesson", "tiny", "1"], env=environment, encoding="utf-8", timeout=20
    )
    child.expect("One and two.")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
