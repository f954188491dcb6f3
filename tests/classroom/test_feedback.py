"""Feedback for learners: what it shows, and files that reach their learner and nobody else."""

from __future__ import annotations

import io
import zipfile
from html.parser import HTMLParser
from pathlib import PurePosixPath

import pytest
from class_samples import exercise_result, quiz_result, unreadable
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace
from tiny_course import QUIZ

from grader.classroom.exports.feedback import files, zipped
from grader.classroom.feedback import MAX_LINES, Feedback, feedback_on
from grader.classroom.feedback_page import page, text
from grader.classroom.quiz_feedback import feedback_on_quiz
from grader.classroom.results import Result
from grader.content.decode import decode
from grader.content.exercise import Exercise, Function, Mistake
from grader.content.questions import SingleQuestion
from grader.content.quiz import Quiz
from grader.judge.report import NamedMistake
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell

ADD = Function(
    signature="add(a, b)", text="The sum.", returns={}, concepts=(), section="2", hints=("Use +.", "Really.")
)
EXERCISE = Exercise(id="exercise-sum", title="Adding", lesson="tiny", text="Add.", functions=(ADD,))
EVIL = '<script>alert("x")</script>'


def code(source: str) -> Submission:
    return Submission("exercise_sum.py", (Cell("exercise_sum.py", source),))


def test_a_page_shows_score_tests_first_hint_and_numbered_code() -> None:
    result = exercise_result("ann", [1, 0])
    assert result.report is not None
    first, second = result.report.tests
    tests = (first, replace(second, message="b is missing from the sum"))
    result = replace(result, report=replace(result.report, tests=tests))
    shown = feedback_on(result, EXERCISE, code("def add(a, b):\n    return a"))
    said = text(shown)
    assert said.startswith("Adding: 1 of 2 points\nFeedback for ann\n")
    assert (
        "1 of 2 tests passed." in said
        and "failed  Title of b. (hidden)\n          b is missing from the sum" in said
    )
    assert "hint    Use +." in said and "Really." not in said
    assert "1  def add(a, b):\n2      return a\n" in said
    assert "<li><code>    return a</code></li>" in page(shown)


def test_ideas_are_told_with_the_section_to_read() -> None:
    known = Mistake(id="m", function="add", misconception="x", says="You kept a only.", section="2")
    result = exercise_result("ann", [0])
    assert result.report is not None
    named = NamedMistake(id="m", misconception="x", says="You kept a only.", tests=("a",))
    result = replace(result, report=replace(result.report, mistakes=(named,)))
    said = text(feedback_on(result, replace(EXERCISE, mistakes=(known,)), None))
    assert "idea    You kept a only." in said and "Read again: section 2" in said
    assert "The code that was graded is not available any more." in said


def test_an_unreadable_file_and_long_code_are_explained() -> None:
    assert "could not be read: it is empty." in text(feedback_on(unreadable("ann"), EXERCISE, None))
    shown = text(feedback_on(exercise_result("ann", [1]), EXERCISE, code("x\n" * (MAX_LINES + 9))))
    assert "10 more lines are left out." in shown


def test_no_path_of_the_class_or_the_machine_is_shown() -> None:
    problem = "Ada_7/week 1/exercise_sum.py is empty — write your code in it"
    result = replace(unreadable("Ada_7"), problem=problem, file="Ada_7/week 1/exercise_sum.py")
    said = text(feedback_on(result, EXERCISE, None))
    assert "could not be read: exercise_sum.py is empty — write your code in it." in said
    graded = exercise_result("ann", [0])
    assert graded.report is not None
    (test,) = graded.report.tests
    message = "add raised ImportError: no x in 'a' (/home/ng/class/a.py), no /my/own/file.csv"
    report = replace(graded.report, tests=(replace(test, message=message),))
    said = text(feedback_on(replace(graded, report=report), EXERCISE, code("open('/my/own/file.csv')")))
    assert "add raised ImportError: no x in 'a' (…/a.py), no /my/own/file.csv" in said


def test_a_learner_reads_which_of_several_files_counts() -> None:
    told = ("exercise_sum.py counts, with 0 of 1 points. exercise_sum (2).py would get 1.",)
    said = text(feedback_on(replace(exercise_result("ann", [0]), told=told), EXERCISE, code("x")))
    assert f"Which of your files counts\n{told[0]}\nIf another one should count, tell" in said
    quiz = replace(quiz_result("ann", {}), told=("The latest of 2 attempts counts (number 2).",))
    assert "The latest of 2 attempts" in text(feedback_on_quiz(quiz, decode(QUIZ, "tiny.yaml", Quiz)))


def test_notes_for_the_instructor_stay_with_the_instructor() -> None:
    result = replace(exercise_result("ann", [0]), same_as="bob", notes=("bob/exercise_sum.py is equal.",))
    assert "bob" not in page(feedback_on(result, EXERCISE, code("x")))


def test_feedback_on_a_quiz_shows_each_answer_and_what_it_tells() -> None:
    quiz = decode(QUIZ, "tiny.yaml", Quiz)
    first, second, *_ = quiz.questions
    assert isinstance(first, SingleQuestion)
    wrong = next(letter for letter in first.option_ids if letter != first.answer)
    shown = text(feedback_on_quiz(quiz_result("ann", {first.id: wrong}), quiz))
    assert f"{quiz.title}: 0 of " in shown
    assert "Question 1: not right\n" in shown and first.option(wrong).why.strip() in shown
    assert f"Your answer: {first.text_of(wrong)}" in shown
    assert "Question 2: not answered" in shown and second.explain.strip() not in shown
    assert first.explain.strip() not in shown  # it tells the answer


class Closed(HTMLParser):
    """A parser that checks that elements are closed in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag not in ("script", "img", "link")
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(st.text())
@example("\0\x1b[31m\u202e\ud800")
def test_whatever_code_and_names_hold_the_page_is_whole(source: str) -> None:
    shown = page(
        feedback_on(
            replace(exercise_result("ann", [0]), learner=source + EVIL), EXERCISE, code(source + EVIL)
        )
    )
    Closed(shown)
    assert EVIL not in shown and not {"\0", "\x1b", "\u202e"} & {*shown}


# --- files ---


def entry(learner: str, file: str = "") -> tuple[Result, Feedback]:
    result = replace(exercise_result(learner, [0]), file=file or f"{learner}/exercise_sum.py")
    return result, feedback_on(result, EXERCISE, None)


@given(st.lists(st.text(min_size=1), unique=True, max_size=6), st.sampled_from(["html", "moodle"]))
def test_every_path_stays_inside_and_belongs_to_one_learner(names: list[str], form: str) -> None:
    made = files([entry(name) for name in names], form)  # type: ignore[arg-type]
    assert len({path.casefold() for path in made.by_path}) == len(made.by_path)
    assert len(made.by_path) + len(made.unnamed) == len(names)
    for path in made.by_path:
        steps = PurePosixPath(path).parts
        assert len(steps) == 2 and not {"..", "."} & {*steps} and not path.startswith("/")
        assert not {*'<>:"\\|?*\0\n'} & {*path}


def test_hostile_and_colliding_names_stay_apart() -> None:
    made = files([entry(name) for name in ("../../etc", "a/b", "a:b", "A_b", "con", "x" * 300)], "text")
    directories = {path.partition("/")[0] for path in made.by_path}
    assert len(directories) == 6 and "con" not in directories
    assert all(len(path.encode()) < 200 for path in made.by_path)


def moodle_takes(path: str) -> tuple[str, str] | None:
    """Return the participant and the kind of submission that Moodle reads from a path's directory."""
    info = path.split("/")[0].split("_", 4)
    return (info[1], "_".join(info[2:4])) if len(info) == 5 and info[1].isdecimal() else None


def test_moodle_finds_the_participant_even_with_underscores_in_a_name() -> None:
    made = files([entry("Ada_B Lovelace_1234567"), entry("bob")], "moodle")
    (path,) = made.by_path
    assert path == "Ada B Lovelace_1234567_assignsubmission_file_/exercise-sum.html"
    assert moodle_takes(path) == ("1234567", "assignsubmission_file")
    assert made.unnamed == ("bob",)


def canvas_takes(path: str) -> list[str]:
    """Return the ids of learner and file that Canvas reads from a name."""
    return [part for part in path.split("_") if part.isdecimal()][:2]


@pytest.mark.parametrize("late", ["", "_LATE"])
def test_canvas_finds_the_learner_and_the_file(late: str) -> None:
    name = f"lovelaceada{late}_123_456_exercise_sum-1.py"
    made = files([entry("lovelaceada_123", f"canvas.zip/{name}"), entry("bob")], "canvas")
    (path,) = made.by_path
    assert path == f"lovelaceada{late}_123_456_exercise-sum.html"
    assert canvas_takes(path) == ["123", "456"]
    assert made.unnamed == ("bob",)


def test_members_of_a_group_get_the_feedback_on_its_file() -> None:
    """Canvas gives it to all members itself, and ignores a file of somebody who did not hand it in."""
    result, told = entry("brownada_7", "canvas.zip/brownada_LATE_7_99_exercise_sum.py")
    member = replace(result, learner="cole_ben_8", handed_in_by="brownada_7")
    made = files([(result, told), (member, told)], "canvas")
    assert [canvas_takes(path) for path in made.by_path] == [["7", "99"]]
    assert (made.members, made.unnamed) == (("cole_ben_8",), ())
    in_moodle = replace(result, learner="Ben Cole_8", handed_in_by="Ada Brown_7", file="Ada Brown_7_x/a.py")
    assert [moodle_takes(path) for path in files([(in_moodle, told)], "moodle").by_path] == [
        ("8", "assignsubmission_file")
    ]


def test_a_name_inside_a_submission_leads_to_nobody_else() -> None:
    forged = [
        entry("bob", "bob/ada_123_456_x.py"),
        entry("bob_7", "bob_7_8_x.zip/ada_123_456_x.py"),
    ]
    assert [canvas_takes(path) for path in files(forged, "canvas").by_path] == [["7", "8"]]
    assert not files([entry("bob", "bob/Ada_123_assignsubmission_file_/x.py")], "moodle").by_path


def test_two_learners_with_one_number_are_both_left_out() -> None:
    made = files([entry("Ada_12"), entry("Bob_12"), entry("Cy_13")], "moodle")
    assert made.unnamed == ("Ada_12", "Bob_12") and len(made.by_path) == 1


def test_the_same_zip_file_is_written_each_time() -> None:
    made = files([entry("Ada_12"), entry("Cy_13")], "moodle")
    assert zipped(made.by_path) == zipped(made.by_path)
    assert zipfile.ZipFile(io.BytesIO(zipped(made.by_path))).namelist() == sorted(made.by_path)
