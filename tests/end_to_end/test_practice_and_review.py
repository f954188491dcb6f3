"""`course quiz --practice`, `course review` and `course progress --plot`, as learners run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Run
from sound_course import SoundCourse

from grader.content.course import Course
from grader.progress.log import AttemptLog
from grader.quiz.answer import right_answer
from grader.tutor.sittings import practice_sitting


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return SoundCourse(tmp_path / "sound").root


def first_answers(sound: Path) -> dict[str, str]:
    """Return the right answers on a first practice, which are the same for everyone."""
    questions = Course(sound).practice("tiny").questions
    return {q.id: right_answer(practice_sitting(q, "tiny", []).sitting.quiz.questions[0]) for q in questions}


def test_practice_asks_about_the_weakest_concepts(run: Run, home: Path, sound: Path) -> None:
    right = first_answers(sound)
    done = run(
        "--course", sound, "quiz", "tiny", "--practice", "--count", "2", input="\n".join(right.values())
    )
    assert done.returncode == 0
    assert "Practice 1 of 2" in done.stdout and "Practice 2 of 2" in done.stdout
    assert done.stdout.count("Right.") == 2
    log = AttemptLog(home / "attempts.sqlite")
    attempts = log.attempts()
    log.close()
    assert {a.item for a in attempts} == set(right)
    assert all(a.quiz is None and a.correct for a in attempts)
    standing = json.loads(run("--course", sound, "progress", "--json").stdout)
    assert standing["quizzes"][0]["best"] is None  # practice does not count as a quiz score
    assert [concept["evidence"] for concept in standing["concepts"]] == [1, 1]


def test_a_number_rounded_too_much_is_asked_for_again(run: Run, home: Path, sound: Path) -> None:
    practice = sound / "quizzes/practice/tiny.yaml"
    text = practice.read_text().replace("answer: n + 1\n", "answer: n + 0.878622\n    decimals: 3\n", 1)
    practice.write_text(text)
    first = first_answers(sound)
    right = float(first["tiny-p1"])
    typed = f"{right:.1f}\n{right:.3f}\n{first['tiny-p2']}\n"
    done = run("--course", sound, "quiz", "tiny", "--practice", "--count", "2", input=typed)
    output = " ".join(done.stdout.split())
    assert "Give three decimals." in output
    assert "Right so far. Give three decimals." in output and "Not yet." not in output
    log = AttemptLog(home / "attempts.sqlite")
    answers = [(a.item, a.answer, a.correct, a.first_try) for a in log.attempts()]
    log.close()
    assert ("tiny-p1", f"{right:.3f}", True, True) in answers and len(answers) == 2


def test_stopped_practice_resumes_with_the_same_question(run: Run, sound: Path) -> None:
    first = run("--course", sound, "quiz", "tiny", "--practice", input="99\nh\n")
    assert first.returncode == 1
    assert "Your answers are saved." in first.stdout
    second = run("--course", sound, "quiz", "tiny", "--practice", input="q\n")
    asked = next(line for line in first.stdout.split("\n") if line.endswith("?"))
    assert asked in second.stdout
    assert "Tried: 99" in second.stdout or "Tried: (99,)" in second.stdout


def test_practice_can_go_unrecorded(run: Run, home: Path, sound: Path) -> None:
    done = run("--course", sound, "quiz", "tiny", "--practice", "--no-record", "--count", "3", input="s\ns\n")
    assert done.returncode == 0
    assert "Nothing is left to practice" in done.stdout
    assert not home.exists()


@pytest.mark.parametrize("option", [["--answers", "x"], ["--json"], ["--new"]])
def test_practice_refuses_options_of_a_quiz(run: Run, sound: Path, option: list[str]) -> None:
    assert run("--course", sound, "quiz", "tiny", "--practice", *option).returncode == 2


def test_a_lesson_without_practice_says_so(run: Run, tiny: Path) -> None:
    done = run("--course", tiny, "quiz", "tiny", "--practice")
    assert (done.returncode, "has no practice questions" in done.stderr) == (2, True)


def test_at_first_there_is_nothing_to_review(run: Run, home: Path, sound: Path) -> None:
    done = run("--course", sound, "review")
    assert done.returncode == 0
    assert "There is nothing to review yet" in done.stdout
    planned = json.loads(run("--course", sound, "review", "--json").stdout)
    assert planned == {"due": 0, "questions": [], "own_code": []}
    assert not home.exists()


def test_questions_can_be_reviewed_before_they_are_due(run: Run, sound: Path) -> None:
    run("--course", sound, "quiz", "tiny", input="b\n")
    assert "Nothing is due now." in run("--course", sound, "review").stdout
    done = run("--course", sound, "review", "--ahead", input="a\nb\n")
    assert "Review 1 of 1" in done.stdout and "Correct this time." in done.stdout
    plan = json.loads(run("--course", sound, "review", "--json").stdout)
    assert [each["seen"] for each in plan["questions"]] == [2]


def test_progress_can_be_drawn_as_a_picture(run: Run, sound: Path, tmp_path: Path) -> None:
    empty = run("--course", sound, "progress", "--plot", "p.svg")
    assert (empty.returncode, "nothing to draw yet" in empty.stderr) == (2, True)
    run("--course", sound, "quiz", "tiny", input="b\n")
    assert run("--course", sound, "progress", "--plot", "p.svg").stdout == "Wrote p.svg\n"
    assert "<svg" in (tmp_path / "p.svg").read_text()
    for file, code, part in (("p.xyz", 2, "end its name in"), ("no/such/p.png", 3, "cannot be written")):
        done = run("--course", sound, "progress", "--plot", file)
        assert (done.returncode, part in done.stderr) == (code, True)


def test_learn_works_on_narrow_screens_and_old_code_pages(run: Run) -> None:
    typed = "\n\n\nacf\nb\n\nb\nx\nq\n"
    done = run("learn", "day4", input=typed, env={"COLUMNS": "40"})
    assert done.returncode == 1
    lines = done.stdout.split("\n")
    assert not [line for line in lines if len(line) > 40 and " " in line.strip() and line[:4].strip()]
    for code_page in ("cp437", "cp1252", "ascii"):
        other = run("learn", "day4", input=typed, env={"PYTHONIOENCODING": code_page})
        assert other.returncode == 1


def test_options_can_be_chosen_by_number(run: Run, sound: Path) -> None:
    assert "Right." in run("--course", sound, "quiz", "tiny", input="2\n").stdout


def test_hints_for_a_practice_question_use_the_current_numbers(run: Run, sound: Path) -> None:
    hint = run("--course", sound, "hint", "tiny-p1").stdout
    number = int(hint.rpartition("Count on from ")[2].rstrip(".\n"))
    assert "tiny-p1, hint 1 of 1." in hint
    done = run("--course", sound, "quiz", "tiny", "--practice", input=f"{number + 1}\nq\n").stdout
    assert f"What comes after {number}?" in done
    standing = json.loads(run("--course", sound, "progress", "--json").stdout)
    assert standing["concepts"][0]["mastery"] < 0.7  # an answer after a hint is weaker evidence
