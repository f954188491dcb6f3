"""`course quiz`, as learners run it: from files, pipes and terminals, stopped and resumed."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest
from running import Run

from grader.content.course import Course

QUIZ = Course.bundled().quiz("day4")
RIGHT = {question.id: question.answer for question in QUIZ.questions}


def answers_file(path: Path, answers: dict[str, str]) -> Path:
    path.write_text("".join(f"{name}: {value}\n" for name, value in answers.items()))
    return path


def rows(home: Path, columns: str = "kind, item, answer, score") -> list[tuple[object, ...]]:
    path = home / "attempts.sqlite"
    if not path.exists():
        return []
    connection = sqlite3.connect(path)
    selected = connection.execute(f"SELECT {columns} FROM attempts ORDER BY number").fetchall()
    connection.close()
    return selected


# --- answers from a file ---


def test_the_answers_b_c_b_d_b_are_all_right(run: Run, tmp_path: Path, home: Path) -> None:
    letters = dict(zip(RIGHT, "BCBDB", strict=True))
    done = run("quiz", "day4", "--answers", answers_file(tmp_path / "a.yaml", letters))
    assert done.returncode == 0
    assert "Score: 5 of 5 on the first try." in done.stdout
    assert rows(home) == [("answer", name, letter.lower(), 1.0) for name, letter in letters.items()]


@pytest.mark.parametrize("letter", "abcd")
def test_each_option_gets_its_own_explanation(run: Run, tmp_path: Path, letter: str) -> None:
    file = answers_file(tmp_path / "a.yaml", dict.fromkeys(RIGHT, letter))
    done = run("quiz", "day4", "--answers", file, "--json", "--no-record")
    assert done.returncode == 0
    result = json.loads(done.stdout)
    for question, marked in zip(QUIZ.questions, result["questions"], strict=True):
        option = question.option(letter)
        assert marked == {
            "id": question.id,
            "correct": option.correct,
            "score": float(option.correct),
            "answer": letter,
            "feedback": option.why,
            "misconception": option.misconception,
            "points": 1.0,
        }
    assert result["score"] == sum(letter == right for right in RIGHT.values())
    text = " ".join(run("quiz", "day4", "--answers", file, "--no-record").stdout.split())
    for question in QUIZ.questions:
        for option_id in question.option_ids:
            why = " ".join(question.option(option_id).why.split())
            assert (why in text) == (option_id == letter)


def test_json_has_the_stable_shape(run: Run, tiny: Path, tmp_path: Path) -> None:
    file = answers_file(tmp_path / "a.yaml", {"tiny-q1": " 'B '", "tiny-q3": "b"} | {"tiny-q2": ""})
    file.write_text("tiny-q1: ' B '\ntiny-q2:\ntiny-q3: b\n")
    done = run("--course", tiny, "quiz", "tiny", "--answers", file, "--json")
    result = json.loads(done.stdout)
    assert [*result] == ["quiz", "version", "score", "max_score", "questions"]
    assert (result["quiz"], result["score"], result["max_score"]) == ("tiny", 1.0, 3.0)
    assert [q["answer"] for q in result["questions"]] == ["b", None, "b"]
    assert done.returncode == 1  # one answer is missing


@pytest.mark.parametrize(
    "text",
    [
        '{"day4-q1": "B", "day4-q2": "C"}',
        '{\n\t"day4-q1": "B",\n\t"day4-q2": "C"\n}',
        "day4-q1: B\nday4-q2: C\n",
    ],
)
def test_answers_can_be_json_yaml_or_standard_input(run: Run, text: str) -> None:
    done = run("quiz", "day4", "--answers", "-", "--json", input=text)
    assert json.loads(done.stdout)["score"] == 2


WRONG_FILES = {
    "day4-q9: b": "day4-q9",
    "day4-q1: no": "'no' is not an answer",
    "day4-q1: y": "'y' is not an answer",
    "day4-q1: e": "Please type one of the letters a-d.",
    "day4-q1: ab": "'ab' is not an answer",
    "day4-q1: [a, b]": "'a, b' is not an answer",
    "day4-q1: {a: b}": "'{…}' is not an answer",
    "day4-q1: true": "'true' is not an answer",
    "- b\n- c": "not a mapping",
    "b": "not a mapping",
    "": "empty",
    "day4-q1: b\nday4-q1: c": "answered twice",
    "? [day4-q1]\n: b": "a list or mapping",
    "day4-q1: !!str b": "tag",
    "day4-q1: 'b": "not valid YAML",
    "[" * 100_000: "nested too deeply",
}


@pytest.mark.parametrize(("text", "part"), WRONG_FILES.items(), ids=lambda value: value[:20])
def test_a_wrong_file_is_explained_and_nothing_is_recorded(
    run: Run, home: Path, text: str, part: str
) -> None:
    done = run("quiz", "day4", "--answers", "-", input=text)
    assert done.returncode == 2
    assert part in done.stderr
    assert not done.stdout
    assert rows(home) == []


def test_all_wrong_lines_are_reported_at_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("day4-q1: b\nday4-q22: b\nday4-q3: z\n")
    done = run("quiz", "day4", "--answers", file)
    assert done.stderr.count("a.yaml:") == 2
    assert "a.yaml:2:" in done.stderr
    assert "did you mean day4-q2?" in done.stderr


def test_files_that_cannot_be_read_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(100_000_000)
    for name in ("missing", "binary", "huge", "."):
        done = run("quiz", "day4", "--answers", name)
        assert done.returncode == 2, name
        assert done.stderr.startswith("course: ")


# --- through a pipe ---


def test_a_whole_quiz_can_be_taken_through_a_pipe(run: Run, home: Path) -> None:
    done = run("quiz", "day4", input="b\nC\n(b)\nd.\n b \n")
    assert done.returncode == 0
    assert "Score: 5 of 5" in done.stdout
    assert "\x1b" not in done.stdout
    assert all(line == line.rstrip() or line.endswith(": ") for line in done.stdout.split("\n"))
    assert [row[0] for row in rows(home)] == ["answer"] * 5


def test_the_only_quiz_needs_no_id(run: Run, home: Path, tiny: Path) -> None:
    done = run("--course", tiny, "quiz", input="b\nc\na\n")
    assert (done.returncode, "Score: 3 of 3" in done.stdout) == (0, True)
    assert run("--course", tiny, "learn", "--no-confidence", input="\nq\n").returncode == 1


def test_a_wrong_answer_is_explained_before_the_next_try(run: Run, home: Path, tiny: Path) -> None:
    done = run("--course", tiny, "quiz", "tiny", input="a\nb\nc\na\n")
    output = done.stdout
    assert (
        output.index("Three comes after two.") < output.index("Try again") < output.index("Two follows one.")
    )
    assert (
        output.index("Two follows one.") < output.index("Numbers go up by one.") < output.index("Question 2")
    )
    assert "Score: 2 of 3" in output
    assert "Numbers: 2 of 3 right. Read again: `course lesson tiny 1`" in output
    assert rows(home)[:2] == [("answer", "tiny-q1", "a", 0.0), ("answer", "tiny-q1", "b", 0.0)]


def test_the_hint_after_a_wrong_answer_is_about_that_answer(run: Run, home: Path) -> None:
    output = run("quiz", "day4", input="a\nh\nc\nh\nd\nh\nh\nq\n").stdout
    hints = re.findall(r"(?s)Hint \d of \d, about your answer\. (.+?)\n\n", output)
    assert len({*hints}) == 3
    assert output.index(hints[2]) < output.index("Hint 4 of 6. For each task")
    assert "day4-q1, hint 5 of 6." in run("hint", "day4-q1").stdout


def test_the_hint_of_the_command_is_about_the_last_answer_too(run: Run, home: Path) -> None:
    run("quiz", "day4", input="a\nq\n")
    assert "day4-q1, hint 1 of 4, about your answer." in run("hint", "day4-q1").stdout


def test_hints_come_in_order_and_are_logged_once_each(run: Run, home: Path, tiny: Path) -> None:
    done = run("--course", tiny, "quiz", "tiny", input="h\nhint\nH\nh\nb\nh\nq\n")
    output = " ".join(done.stdout.split())
    assert output.index("Hint 1 of 3. Count on.") < output.index("Hint 2 of 3") < output.index("Hint 3 of 3.")
    assert output.count("It has three letters.") == 2
    assert "There are no more" in output
    assert "This question has no hints. To read about it: `course lesson tiny 1.1`" in output
    assert rows(home, "kind, hints") == [("hint", 1), ("hint", 2), ("hint", 3), ("answer", 3)]


def test_a_skip_shows_the_answer_and_counts_as_not_answered(run: Run, home: Path, tiny: Path) -> None:
    done = run("--course", tiny, "quiz", "tiny", input="s\nc\na\n")
    assert done.returncode == 1
    assert "Skipped. The answer is: Two" in done.stdout
    assert "1 of 3 questions skipped" in done.stdout
    assert rows(home)[0] == ("skip", "tiny-q1", None, None)


def test_keys_and_typing_errors_are_handled(run: Run, home: Path, tiny: Path) -> None:
    done = run("--course", tiny, "quiz", "tiny", input="?\n\nd\nzz\n\x00\x1b[A\né\nb\n")
    assert "skip and see the answer (0 points)" in done.stdout
    assert done.stdout.count("Please type one of the letters a-c") == 5
    assert len(rows(home)) == 1


def test_bytes_that_are_not_text_do_no_harm(command: str, environment: dict[str, str], tiny: Path) -> None:
    done = subprocess.run(
        [command, "--course", str(tiny), "quiz", "tiny"],
        input=b"\xff\xfe\nb\n",
        capture_output=True,
        env=environment,
    )
    assert done.returncode == 1
    assert b"Two follows one." in done.stdout
    assert b"Traceback" not in done.stderr


def test_a_quiz_resumes_where_the_input_ended(run: Run, home: Path, tiny: Path) -> None:
    first = run("--course", tiny, "quiz", "tiny", input="a\n")
    assert first.returncode == 1
    assert "Your answers are saved. To continue: `course quiz tiny`" in first.stdout
    second = run("--course", tiny, "quiz", "tiny", input="b\nc\nq\n")
    assert "Continuing: 0 of 3" in second.stdout
    assert "Three (tried)" in second.stdout
    third = run("--course", tiny, "quiz", "tiny", input="a\n")
    assert third.returncode == 0
    assert "Question 3 of 3" in third.stdout
    assert "Question 2" not in third.stdout
    assert "Score: 2 of 3" in third.stdout
    assert len({row[0] for row in rows(home, "sitting")}) == 1


def test_the_option_new_starts_a_new_sitting(run: Run, home: Path, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\n")
    done = run("--course", tiny, "quiz", "tiny", "--new", input="s\n")
    assert "Question 1 of 3" in done.stdout
    assert len({row[0] for row in rows(home, "sitting")}) == 2


def test_later_sittings_are_shuffled_once(run: Run, tiny: Path) -> None:
    def order(text: str) -> list[str]:
        return re.findall(r"^  [a-d]\) (\w+)", text, re.MULTILINE)

    assert order(run("--course", tiny, "quiz", "tiny", input="h\n").stdout) == ["Three", "Two", "Four"]
    seen = set()
    for _ in range(8):  # all are equal once in 280,000 times
        shown = order(run("--course", tiny, "quiz", "tiny", "--new", input="h\n").stdout)
        assert order(run("--course", tiny, "quiz", "tiny").stdout) == shown
        seen.add(tuple(shown))
    assert len(seen) > 1
    # letters on the screen are positions; the log keeps the ids of options
    letter = "abc"[shown.index("Two")]
    assert "Right." in run("--course", tiny, "quiz", "tiny", input=f"{letter}\n").stdout


def test_a_changed_question_is_asked_again(run: Run, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\nc\na\n")
    path = tiny / "quizzes/tiny.yaml"
    path.write_text(path.read_text().replace("Which is the largest?", "Which one is the largest?"))
    done = run("--course", tiny, "quiz", "tiny", input="c\n")
    assert "Question 2 of 3" in done.stdout
    assert "Question 1" not in done.stdout
    assert done.returncode == 0


def test_no_record_leaves_no_trace(run: Run, home: Path, tiny: Path) -> None:
    done = run("--course", tiny, "quiz", "tiny", "--no-record", input="b\nq\n")
    assert "Nothing was recorded." in done.stdout
    assert not home.exists()


def test_json_keeps_the_conversation_off_standard_output(run: Run, tiny: Path) -> None:
    done = run("--course", tiny, "quiz", "tiny", "--json", input="b\nc\n")
    assert json.loads(done.stdout)["score"] == 2
    assert "Question 3 of 3" in done.stderr
    assert done.returncode == 1


def test_a_reader_that_stops_early_causes_no_error(command: str, environment: dict[str, str]) -> None:
    line = f"printf 'b\\nc\\n' | {command} quiz day4 | head -1; echo ${{PIPESTATUS[1]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=environment)
    assert done.stdout.startswith("Day 4")
    assert done.stderr == ""


def test_closed_standard_streams_cause_no_error(command: str, environment: dict[str, str]) -> None:
    for closed in ("<&-", ">&- </dev/null", "2>&- <&-"):
        done = subprocess.run(
            ["bash", "-c", f"{command} quiz day4 {closed}"], capture_output=True, text=True, env=environment
        )
        assert done.returncode == 1, closed
        assert done.stderr == ""


def test_narrow_and_ascii_terminals_work(run: Run) -> None:
    done = run("quiz", "day4", input="a\nh\nb\n", env={"COLUMNS": "40"})
    assert max(map(len, done.stdout.split("\n"))) <= 40
    done = run("quiz", "day4", input="b\n", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1


def test_unknown_ids_and_wrong_use_are_explained(run: Run) -> None:
    done = run("quiz", "day5")
    assert (done.returncode, done.stderr) == (2, "course: no quiz is called 'day5' — did you mean day4?\n")
    assert run("hint").returncode == 2
    assert run("quiz", "day4", "--anwsers", "x").returncode == 2
    assert "Examples:" in run("quiz", "--help").stdout


def test_a_broken_quiz_is_reported_with_file_and_line(run: Run, tiny: Path) -> None:
    path = tiny / "quizzes/tiny.yaml"
    path.write_text(path.read_text().replace("correct: true", "correct: yes", 1))
    done = run("--course", tiny, "quiz", "tiny")
    assert done.returncode == 2
    assert "tiny.yaml:12: 'yes' is not true or false" in done.stderr


def test_a_missing_lesson_does_not_break_the_summary(run: Run, tiny: Path) -> None:
    (tiny / "lessons/tiny.yaml").unlink()
    done = run("--course", tiny, "quiz", "tiny", input="b\nc\na\n")
    assert done.returncode == 0
    assert "- numbers: 3 of 3 right" in done.stdout


# --- an unusable log: exit code 3 before the first question ---


def unwritable(home: Path) -> None:
    home.write_text("a file where the directory should be")


def newer(home: Path) -> None:
    home.mkdir()
    connection = sqlite3.connect(home / "attempts.sqlite")
    connection.executescript(
        "PRAGMA application_id = 0x63727367; PRAGMA user_version = 99; CREATE TABLE t (a)"
    )
    connection.close()


def truncated(home: Path) -> None:
    home.mkdir()
    connection = sqlite3.connect(home / "attempts.sqlite")
    connection.executescript("CREATE TABLE t (a); CREATE TABLE u (a)")
    connection.close()
    data = (home / "attempts.sqlite").read_bytes()
    (home / "attempts.sqlite").write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("spoil", "advice"),
    [(unwritable, "COURSE_HOME"), (newer, "newer version"), (truncated, "move the file aside")],
)
def test_an_unusable_log_is_reported_before_the_first_question(
    run: Run, home: Path, spoil: object, advice: str
) -> None:
    assert callable(spoil)
    spoil(home)
    done = run("quiz", "day4", input="b\n")
    assert done.returncode == 3
    assert advice in done.stderr
    assert "Question" not in done.stdout
    assert run("quiz", "day4", "--no-record", input="b\nc\nb\nd\nb\n").returncode == 0


@pytest.mark.exhaustive  # it waits for half a minute
def test_a_locked_log_is_waited_for_and_then_reported(run: Run, home: Path) -> None:
    run("quiz", "day4", input="b\n")
    connection = sqlite3.connect(home / "attempts.sqlite", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    done = run("quiz", "day4", input="c\n")
    connection.close()
    assert time.monotonic() - started > 4
    assert done.returncode == 3
    assert "locked by another program" in done.stderr
    assert len(rows(home)) == 1


# --- concurrent, killed and interrupted sittings ---


def talk(command: str, environment: dict[str, str], *args: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [command, *map(str, args)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def listen(process: subprocess.Popen[str], until: str) -> None:
    """Read the output of the process until it contains `until`."""
    assert process.stdout is not None
    guard = threading.Timer(30, process.kill)
    guard.start()
    output = ""
    while until not in output:
        piece = process.stdout.readline()
        assert piece, output
        output += piece
    guard.cancel()


def say(process: subprocess.Popen[str], line: str, until: str) -> None:
    """Type a line, and read the output until it contains `until`."""
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    listen(process, until)


def test_two_terminals_have_separate_sittings(
    command: str, environment: dict[str, str], home: Path, tiny: Path
) -> None:
    both = [talk(command, environment, "--course", tiny, "quiz", "tiny") for _ in range(2)]
    for process in both:
        listen(process, "c) Four")  # both have begun, so neither resumes the other's sitting
    for line, until in (("b", "Two follows"), ("c", "Three is the largest"), ("a", "It is one more")):
        for process in both:
            say(process, line, until)
    for process in both:
        process.communicate()
        assert process.returncode == 0
    assert len(rows(home)) == 6
    assert len({row[0] for row in rows(home, "sitting")}) == 2


def test_a_killed_quiz_keeps_its_answers(
    command: str, environment: dict[str, str], home: Path, tiny: Path, run: Run
) -> None:
    process = talk(command, environment, "--course", tiny, "quiz", "tiny")
    say(process, "b", "Two follows")
    say(process, "a", "One is small")
    process.kill()
    process.communicate()
    assert [row[1:3] for row in rows(home)] == [("tiny-q1", "b"), ("tiny-q2", "a")]
    done = run("--course", tiny, "quiz", "tiny", input="c\na\n")
    assert "Question 2 of 3" in done.stdout
    assert "Score: 2 of 3" in done.stdout


pexpect = pytest.importorskip("pexpect")


def terminal(command: str, environment: dict[str, str], *args: str | Path) -> object:
    return pexpect.spawn(
        command, [*map(str, args)], env=environment, encoding="utf-8", timeout=20, dimensions=(40, 60)
    )


def test_ctrl_c_keeps_the_answers_and_says_how_to_continue(
    command: str, unasked: dict[str, str], home: Path, tiny: Path
) -> None:
    child = terminal(command, unasked, "--course", tiny, "quiz", "tiny")
    child.expect("Your answer")
    child.sendline("b")
    child.expect("Two follows one")
    child.expect("Your answer")
    child.sendintr()
    child.expect("Your answers are saved. To continue:")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert [row[1] for row in rows(home)] == ["tiny-q1"]
    child = terminal(command, unasked, "--course", tiny, "quiz", "tiny")
    child.expect("Question 2 of 3")
    child.sendline("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1


def test_answers_survive_the_end_of_input_and_a_closed_terminal(
    command: str, unasked: dict[str, str], home: Path, tiny: Path
) -> None:
    child = terminal(command, unasked, "--course", tiny, "quiz", "tiny")
    child.expect("Your answer")
    child.sendline("b")
    child.expect("Your answer")
    child.sendeof()
    child.expect("Your answers are saved")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    child = terminal(command, unasked, "--course", tiny, "quiz", "tiny")
    child.expect("Your answer")
    child.sendline("c")
    child.expect("Three is the largest")
    child.kill(signal.SIGHUP)
    child.close()
    assert len(rows(home)) == 2


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_colors_appear_only_where_they_are_wanted(
    command: str, unasked: dict[str, str], tiny: Path, plain: dict[str, str]
) -> None:
    child = terminal(command, unasked | plain, "--course", tiny, "quiz", "tiny", "--no-record")
    child.expect("Your answer")
    child.sendline("a")
    child.expect("Not yet")  # the verdict is in words, not only in color
    child.sendline("q")
    child.expect(pexpect.EOF)
    shown = child.before
    child.close()
    assert ("\x1b[" in shown) == (not plain)


def test_an_answer_is_recorded_with_its_time_and_duration(run: Run, home: Path, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\n")
    ((seconds, moment),) = rows(home, "seconds, time")
    assert isinstance(seconds, float)
    assert 0 <= seconds < 60
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(moment))


def test_confidence_is_asked_before_the_verdict_and_recorded(
    command: str, environment: dict[str, str], home: Path, tiny: Path
) -> None:
    child = terminal(command, environment, "--course", tiny, "quiz", "tiny")
    for answer, sure in (("a", "3"), ("b", None), ("c", "")):
        child.expect("Your answer")
        child.sendline(answer)
        if sure is not None:  # confidence is asked only on a first try
            child.expect("How sure are you")
            assert "Not yet" not in child.before and "Right" not in child.before
            child.sendline("h")
            child.expect("Please type 1, 2 or 3")
            child.expect("How sure are you")
            child.sendline(sure)
    child.expect("Question 3 of 3")
    child.sendline("q")
    child.expect(pexpect.EOF)
    child.close()
    assert [row[0] for row in rows(home, "confidence")] == ["high", None, None]


def test_confidence_can_be_asked_through_a_pipe(run: Run, home: Path, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", "--confidence", input="b\n1\nc\nh\n2\n")
    assert [row[0] for row in rows(home, "confidence")] == ["low", "medium"]
