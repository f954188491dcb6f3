"""The whole road with nbgrader's own commands: out, in, graded, and back, for six kinds of learners."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys

import pytest
from nbgrader_class import (
    ANSWERS,
    BUNDLED,
    LESSON,
    LSTM,
    QUESTIONS,
    SECRET,
    Room,
    members,
    text_of,
)
from nbgrader_commands import start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")


@pytest.fixture(scope="module")
def room(nbgrader_course) -> Room:  # type: ignore[no-untyped-def]
    return nbgrader_course.room  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def quiz(room: Room) -> dict[str, list[dict[str, object]]]:
    """What `course quiz` says to the same answers, learner by learner."""
    found = {}
    for name, answers in ANSWERS.items():
        home = room.homes / name
        given = {question: answer for question, answer in answers.items() if len(answer) == 1}
        (home / "answers.json").write_text(json.dumps(given))
        asked = start(home, home, "course", "quiz", LESSON, "--answers", "answers.json", "--json")
        out, _ = asked.communicate(timeout=60)
        assert asked.returncode in (0, 1)
        found[name] = json.loads(out)["questions"]
    return found


def pages(room: Room, name: str) -> dict[str, str]:
    """Return the text of the pages that somebody has fetched, by notebook."""
    [folder] = (room.homes / name / LESSON / "feedback").iterdir()  # named for the time of the submission
    return {page.stem: text_of(page) for page in folder.glob("*.html")}


# --- scores ---


@pytest.mark.parametrize("name", ANSWERS)
def test_each_function_scores_what_course_check_gives(room: Room, name: str) -> None:
    honest = members(room.directory)[name].honest
    assert honest is not None
    assert room.scores(name, LSTM) == {
        f"{LSTM}--{function}--test": score for function, score in room.verdicts[honest].items()
    }


def test_the_six_are_of_six_kinds(room: Room) -> None:
    total = {name: sum(filter(None, room.scores(name, LSTM).values())) for name in ANSWERS}
    assert total["fay"] == 0 < total["cleo"] < total["ben"] == total["dan"] == total["eve"] < total["ann"]


@pytest.mark.parametrize("name", ANSWERS)
def test_each_question_scores_what_course_quiz_gives(room: Room, quiz, name: str) -> None:  # type: ignore[no-untyped-def]
    assert room.scores(name, LESSON) == {f"{each['id']}--test": each["score"] for each in quiz[name]}


def test_who_solves_everything_gets_everything_and_what_is_not_handed_in_nothing(room: Room) -> None:
    for exercise in ("exercise-rnn", "exercise-gru"):
        points = {
            cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]["nbgrader"]["points"]
            for cell in room.autograded("ann", exercise)["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade")
        }
        assert room.scores("ann", exercise) == points
        assert room.scores("ben", exercise) == dict.fromkeys(points, 0.0)


def test_the_late_penalty_is_nbgrader_s_own(room: Room) -> None:
    """A point and a half for each notebook that is late, but never more than its score."""
    with sqlite3.connect(room.directory / "gradebook.db") as gradebook:
        found = gradebook.execute(
            """SELECT submitted_assignment.student_id, notebook.name, late_submission_penalty
               FROM submitted_notebook
               JOIN notebook ON submitted_notebook.notebook_id = notebook.id
               JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
               WHERE late_submission_penalty IS NOT NULL"""
        ).fetchall()
    assert sorted(found) == [("dan", LESSON, 1.0), ("dan", LSTM, 1.5)]


def test_the_export_is_the_sum(room: Room, quiz) -> None:  # type: ignore[no-untyped-def]
    with (room.directory / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["student_id"] in ANSWERS}
    best = float(rows["ann"]["max_score"])
    assert float(rows["ann"]["score"]) == best == len(QUESTIONS) + 16 * 3
    for name, learner in members(room.directory).items():
        assert learner.honest is not None
        raw = best if name == "ann" else sum(room.verdicts[learner.honest].values())
        raw += 0 if name == "ann" else sum(each["score"] for each in quiz[name])
        late = 2.5 if name == "dan" else 0.0
        row = rows[name]
        numbers = [float(row[key]) for key in ("raw_score", "late_submission_penalty", "score")]
        assert numbers == [raw, late, raw - late]
        assert row["first_name"] == name.title()


# --- what is said on the way ---


def test_the_commands_say_what_they_have_done(room: Room) -> None:
    assert "rnn101 day4" in room.said["list"]
    assert room.said["collect"].count("Collecting submission: ") == len(ANSWERS)
    for name in ANSWERS:
        assert f"inbound/{name}+day4+" in room.said[f"submit {name}"]
        assert ("MISSING" in room.said[f"submit {name}"]) == (name != "ann")


def test_validate_tells_learners_what_the_visible_tests_tell(room: Room) -> None:
    """`nbgrader validate` runs a notebook in a kernel, so it knows the visible tests only.

    Source and release hold no answers, and so it fails them, with our own
    messages; with whoever has solved everything it finds nothing wrong.
    """
    said = room.said["validate"]
    assert said.count(f"VALIDATION FAILED ON {len(QUESTIONS)} CELL(S)!") == 2
    assert said.count("Write your answer to day4-q1 in the cell above") >= 2
    assert room.said["validate ann"].startswith("Success! Your notebook passes all the tests.")


# --- feedback ---


def test_everybody_gets_the_pages_of_what_they_handed_in(room: Room) -> None:
    for name in ANSWERS:
        others = {"exercise-rnn", "exercise-gru"} if name == "ann" else set()
        assert pages(room, name).keys() == {LESSON, LSTM} | others


def test_feedback_names_tests_messages_and_the_idea(room: Room) -> None:
    says = {mistake.id: mistake.says for mistake in BUNDLED.exercise(LSTM).mistakes}
    page = pages(room, "ben")[LSTM]
    assert "Each target is the value right after its window. (hidden)" in page
    assert "y does not hold the values that follow the windows" in page
    assert f"idea    {says['target-one-early']}" in page
    assert "Read again: section 8 of the lesson" in page
    assert "hint    " in page and "forecast  3 of 3" in page
    page = pages(room, "cleo")[LSTM]
    for mistake in ("axes-swapped", "broadcast-error", "window-never-moves"):
        assert f"idea    {says[mistake]}" in page
    assert "is still blank" in pages(room, "fay")[LSTM]
    assert "idea    " not in pages(room, "ann")[LSTM]


@pytest.mark.parametrize("name", ANSWERS)
def test_feedback_on_answers_is_that_of_the_quiz(room: Room, quiz, name: str) -> None:  # type: ignore[no-untyped-def]
    page = " ".join(pages(room, name)[LESSON].split())
    for each in quiz[name]:
        assert " ".join((each["feedback"] or "No answer.").split()) in page
    if name == "ben":
        assert "none of them is not an answer. Please type one of the letters a-d." in page


def test_a_wrong_answer_is_not_told_the_right_one(room: Room) -> None:
    page = " ".join(pages(room, "cleo")[LESSON].split())
    for question in QUESTIONS:
        right = question.option(question.answer)
        assert " ".join(right.why.split()) not in page
        assert f"Right: {question.answer}" not in page


@pytest.mark.parametrize("name", ANSWERS)
def test_no_page_shows_a_hidden_test_a_solution_or_another_s_work(room: Room, name: str) -> None:
    secret = room.secrets_of(name)
    assert len(secret) > 100
    for page in pages(room, name).values():
        assert [line for line in secret if line in page] == []
        assert (SECRET in page) <= (name == "ann")
