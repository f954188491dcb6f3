"""What attackers try, and what goes wrong without them, in one `nbgrader autograde` of a whole class."""

from __future__ import annotations

import json
import sys

import pytest
from corpus import sampled
from nbgrader_class import (
    ANSWERS,
    BUNDLED,
    FEW_ATTACKERS,
    LSTM,
    SECRET,
    SOLUTION,
    Room,
    attackers,
    members,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")
HOSTILE = sampled({name: name for name in [*attackers(), "eve"]}, few=[*FEW_ATTACKERS, "eve"])


@pytest.fixture(scope="module")
def room(nbgrader_course) -> Room:  # type: ignore[no-untyped-def]
    return nbgrader_course.room  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_score_is_that_of_the_honest_part(room: Room, name: str) -> None:
    learner = (attackers() | members(room.directory))[name]
    verdict = room.verdicts[learner.honest or SOLUTION]
    lost = verdict.keys() if learner.honest is None else learner.lost
    expected = verdict | dict.fromkeys(lost, 0.0)
    assert room.scores(name, LSTM) == {f"{LSTM}--{f}--test": score for f, score in expected.items()}


def test_no_submission_is_lost(room: Room) -> None:
    everybody = {*room.attackers, *ANSWERS}
    for step in ("submitted", "autograded", "feedback"):
        assert {path.name for path in (room.directory / step).iterdir()} == everybody
    assert (room.directory / "gradebook.db").is_file()


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_was_read(room: Room, name: str) -> None:
    """Neither tests nor solutions nor another learner's notebook, in whatever a submission has printed."""
    secret = room.secrets_of(name)
    assert len(secret) > 100
    cells = room.autograded(name)["cells"]
    texts = [room.feedback(name), *("".join(cell["source"]) for cell in cells)]
    texts += [json.dumps(cell.get("outputs"), ensure_ascii=False) for cell in cells]
    for text in texts:
        assert [line for line in secret if line in text] == []
        assert SECRET not in text and "\nwritten " not in text


@pytest.mark.parametrize("name", sampled({"nonsense": "nonsense", "hollow": "hollow"}, few=["nonsense"]))
def test_what_is_no_notebook_is_told(room: Room, name: str) -> None:
    assert "There is no code in the notebook." in room.feedback(name)
    if name == "nonsense":
        assert "cannot be read as a notebook: it is not JSON" in room.feedback(name)


SHOWN = {"odd": "array([[[0.]", "noisy": "this goes to stderr", "spy": "there is no kernel"}


@pytest.mark.parametrize("name", sampled({name: name for name in SHOWN}, few=["odd", "spy"]))
def test_feedback_shows_what_the_learner_s_own_cells_showed(room: Room, name: str) -> None:
    assert SHOWN[name] in room.feedback(name)


@pytest.mark.exhaustive
def test_feedback_says_which_cell_counts_of_two(room: Room) -> None:
    assert "exercise-lstm--forecast appears more than once. All copies run" in room.feedback("doubled")
    assert "This cell appears more than once. Only this one counts." in room.feedback("doubled")


def test_feedback_says_what_was_mended(room: Room) -> None:
    assert room.feedback("odd").count("This cell was missing and has been put back.") == 2
    assert "built from version 0123456789ab" in room.feedback("odd")


def test_feedback_says_what_became_of_code_that_leaves_or_never_ends(room: Room) -> None:
    page = room.feedback("stuck")
    assert "persistence_mse  0 of 1" in page and "timed out" in page
    assert "forecast  0 of 3" in page and "crashed" in page
    assert "create_sequences  4 of 4" in page


def test_what_was_graded_is_recorded(room: Room) -> None:
    [record] = room.autograded("spy")["metadata"]["course"]["graded"]
    assert record["seed"] == room.seed and str(room.seed) not in room.feedback("spy")
    assert record["version"] == BUNDLED.exercise_version(LSTM)
    assert record["confinement"].startswith("bubblewrap")
