"""Whose work it is in the downloads of learning platforms: groups, attempts, receipts, rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_in import CODE, OTHER, write, zipped
from sound_course import SoundCourse

from grader.classroom.intake import Intake, take_in
from grader.classroom.learner_work import code_hash
from grader.classroom.owner import Owner
from grader.classroom.system_names import NameRule
from grader.classroom.wanted import Wanted
from grader.content.course import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(SoundCourse(tmp_path / "course").root)


def of_zip(course: Course, tmp_path: Path, files: dict[str, bytes], rule: str | None = None) -> Intake:
    path = write(tmp_path, {"download.zip": zipped(files)}) / "download.zip"
    return take_in(path, Wanted(course), tmp_path / "out", NameRule(rule) if rule else None)


def test_each_member_of_a_group_has_the_work(course: Course, tmp_path: Path) -> None:
    metadata = """\
submission_12:
  :submitters:
  - :name: Ada
    :sid: '1'
    :email: a@x.example
  - :name: Ada
    :sid: '2'
  - :name:
    :sid: '3'
  :created_at: 2026-01-02 10:00:00 Z
submission_13:
  :submitters:
  - :email: b@x.example
"""
    files = {"submission_metadata.yml": metadata.encode()}
    files |= {f"submission_{n}/exercise_x.py": code for n, code in ((12, CODE), (13, OTHER))}
    intake = of_zip(course, tmp_path, files)
    assert intake.learners == ("3_12", "Ada_12", "Ada_12 (2)", "b@x.example_13")
    assert {each.source for each in intake.handed[:3]} == {intake.handed[0].source}
    assert intake.handed[1].owner == Owner(
        lms="gradescope",
        name="Ada",
        sid="1",
        email="a@x.example",
        group="submission_12",
        time="2026-01-02 10:00:00 Z",
    )
    assert intake.handed[3].owner == Owner(lms="gradescope", email="b@x.example")


BLACKBOARD = {
    "X_my_login_attempt_2026-01-02-03-04-05.txt": b"Name: Mia Log (my_login)\nAssignment: X\n",
    "X_my_login_attempt_2026-01-02-03-04-05_exercise_x.py": OTHER,
    "X_my_login_attempt_2026-01-12-03-04-05_exercise_x.py": CODE,
    "X_my_login_attempt_2026-01-12-03-04-05_helper.py": b"a = 1\n",
    "X_your_login_attempt_2026-01-02-03-04-05_exercise_x.py": OTHER,
    "X_your_login_attempt_2026-01-09-03-04-05.txt": b"Name: Somebody Else (my_login)\n",
}


def test_the_latest_attempt_with_files_counts(course: Course, tmp_path: Path) -> None:
    intake = of_zip(course, tmp_path, BLACKBOARD)
    mia, you = intake.handed
    assert mia.owner == Owner(lms="blackboard", login="my_login", name="Mia Log", time="2026-01-12T03:04:05")
    note = "The latest of 2 attempts counts (2026-01-12 03:04:05). Earlier ones are not graded."
    assert mia.notes == mia.told == (note,)
    assert mia.file.endswith("2026-01-12-03-04-05_exercise_x.py")
    assert [each.why for each in intake.left_out if "my_login" in each.file][:2] == ["an earlier attempt"] * 2
    # a receipt alone is no attempt, and one that names another login is not believed
    assert you.owner is not None
    assert (you.owner.login, you.owner.name, you.notes) == ("your_login", None, ())


def test_brightspace_attempts_are_ordered_by_their_time(course: Course, tmp_path: Path) -> None:
    files = {
        "1-9 - Ada - Feb 10, 2026 904 AM - exercise_x.py": OTHER,
        "1-9 - Ada - Feb 9, 2026 1104 PM - exercise_x.py": CODE,
        "index.html": b"",
    }
    (only,) = of_zip(course, tmp_path, files).handed
    assert only.file.endswith("Feb 10, 2026 904 AM - exercise_x.py")
    assert only.notes == ("The latest of 2 attempts counts (2026-02-10 09:04). Earlier ones are not graded.",)


def test_sakai_feedback_is_not_a_submission(course: Course, tmp_path: Path) -> None:
    files = {
        "Ex/Lovelace, Ada(ada1)/Submission attachment(s)/exercise_x.py": CODE,
        "Ex/Lovelace, Ada(ada1)/Feedback Attachment(s)/exercise_x.py": OTHER,
        "Ex/Hopper, Grace(grace)/Submission attachment(s)/exercise_x.py": OTHER,
        "Ex/grades.csv": b"",
    }
    intake = of_zip(course, tmp_path, files)
    grace, ada = intake.handed
    assert ada.owner == Owner(lms="sakai", name="Lovelace, Ada", login="ada1")
    assert ada.source != grace.source
    assert ada.submission is not None
    assert code_hash(ada.submission) == ada.source
    assert [each.why for each in intake.left_out][:1] == ["feedback, not a submission"]


def test_nbgrader_names_learners_by_their_login(course: Course, tmp_path: Path) -> None:
    intake = of_zip(course, tmp_path, {"submitted/ada/day/exercise_x.py": CODE, "source/x": b""})
    assert [each.owner for each in intake.handed] == [Owner(lms="nbgrader", login="ada")]


def test_a_rule_comes_before_all_else(course: Course, tmp_path: Path) -> None:
    files = {"ada-1-exercise_x.py": OTHER, "ada-2-exercise_x.py": CODE, "bob/exercise_x.py": CODE}
    intake = of_zip(course, tmp_path, files, r"(?P<login>\w+)-(?P<attempt>\d)-(?P<file>.+)")
    ada, bob = intake.handed
    assert (ada.learner, ada.owner) == ("ada", Owner(login="ada", attempt="2"))
    assert ada.notes == ("The latest of 2 attempts counts (number 2). Earlier ones are not graded.",)
    assert (bob.learner, bob.owner) == ("bob", None)


def test_learners_without_work_are_kept_with_what_is_known_of_them(course: Course, tmp_path: Path) -> None:
    files = {"ada_1_2_exercise_x.py": CODE, "bob_3_text.html": b"<p>"}
    intake = of_zip(course, tmp_path, files)
    assert intake.without_work == {"bob_3": Owner(lms="canvas", number="3", name="bob")}
