"""Learners and the people of a roster: the strongest key decides, and nothing ambiguous is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.classroom.exports.matching import Matches, match
from grader.classroom.exports.roster import System, read_roster
from grader.classroom.exports.unmatched import notes_on_unmatched
from grader.classroom.owner import Owner

CANVAS = "Student,ID,SIS User ID,SIS Login ID\n"
WORKSHEET = "Identifier,Full name,Email address,Grade\n"


def matched(
    tmp_path: Path, system: System, text: str, *owners: Owner | None, names: str = "abcdefgh"
) -> Matches:
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    roster = read_roster(tmp_path / "roster.csv", system)
    return match(dict(zip(names, owners, strict=False)), roster, system)


def how(matches: Matches) -> dict[str, tuple[int, str]]:
    return {learner: (each.row, each.how.name) for learner, each in matches.found.items()}


def test_the_strongest_key_decides(tmp_path: Path) -> None:
    text = f'{CANVAS}"Lovelace, Ada",1,S1,ada\n"Hopper, Grace",2,S2,grace\n'
    text += '"Bo, Cy",3,S3,cy@x.example\n"Ë, D",4,,\n'
    found = matched(
        tmp_path,
        "canvas",
        text,
        Owner(lms="canvas", number="2", sid="S1", name="lovelaceada"),
        Owner(lms="gradescope", sid="S1", email="grace@x.example"),
        Owner(lms="blackboard", login="cy", name="Ada Lovelace"),
        Owner(lms="moodle", number="1", name="d e"),
    )
    assert how(found) == {"a": (1, "NUMBER"), "b": (0, "SID"), "c": (2, "MAILBOX"), "d": (3, "NAME")}


def test_a_number_means_nothing_to_another_system(tmp_path: Path) -> None:
    text = f"{WORKSHEET}Participant 12,Ada Lovelace,a@x.example,\n"
    assert matched(tmp_path, "moodle", text, Owner(lms="canvas", number="12", name="bob")).unknown == ("a",)
    assert matched(tmp_path, "moodle", text, None, names=["12"]).unknown == ("12",)  # type: ignore[arg-type]
    assert how(matched(tmp_path, "moodle", text, Owner(lms="moodle", number="12"))) == {"a": (0, "NUMBER")}


@pytest.mark.parametrize("identifier", ["Participant 12", "Teilnehmer/in12", "Participante 12", "12"])
def test_moodle_hides_names_behind_a_number(tmp_path: Path, identifier: str) -> None:
    owner = Owner(lms="moodle", number="12", name="Participant")
    assert how(matched(tmp_path, "moodle", f"{WORKSHEET}{identifier},,,\n", owner)) == {"a": (0, "NUMBER")}


def test_equal_names_are_ambiguous(tmp_path: Path) -> None:
    text = f'{CANVAS}"Lee, Ann",1,,\n"Lee, Ann",2,,\n"Bo, Cy",3,,\n'
    ann, cy = Owner(lms="moodle", name="Ann Lee"), Owner(lms="moodle", name="Cy Bo")
    assert matched(tmp_path, "canvas", text, ann, cy).ambiguous == ("a",)
    assert matched(tmp_path, "canvas", text, cy, cy).ambiguous == ("a", "b")
    # the row of a stronger key is not given away again
    found = matched(tmp_path, "canvas", text, Owner(lms="canvas", number="3"), cy)
    assert (how(found), found.ambiguous) == ({"a": (2, "NUMBER")}, ("b",))


def test_a_name_does_not_outweigh_another_number_of_the_same_system(tmp_path: Path) -> None:
    text = f'{CANVAS}"Lee, Ann",1,,\n'
    found = matched(tmp_path, "canvas", text, Owner(lms="canvas", number="2", name="leeann"))
    assert (how(found), found.ambiguous) == ({}, ("a",))


def notes(found: Matches, tmp_path: Path, system: System, *owners: Owner | None) -> list[str]:
    roster = read_roster(tmp_path / "roster.csv", system)
    return [*notes_on_unmatched(found, roster, system, dict(zip("abcdefgh", owners, strict=False)), "r.csv")]


def test_two_people_with_one_name_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    text = f'{CANVAS}"Lee, Ann",1,S1,lee1\n"Lee, Ann",2,S2,lee2\n'
    ann = Owner(lms="moodle", name="Ann Lee")
    why, way = notes(matched(tmp_path, "canvas", text, ann), tmp_path, "canvas", ann)
    assert why == "a: 2 lines of r.csv match (Lee, Ann, S1, lee1, 1; Lee, Ann, S2, lee2, 2); left out"
    assert way == (
        "to add those who are left out, name their directory after their SIS User ID or SIS Login ID or ID "
        "in r.csv and run `course grade` with --resume, or write their grades into the output yourself"
    )


def test_two_learners_with_one_line_name_each_other(tmp_path: Path) -> None:
    text = f'{CANVAS}"Bo, Cy",3,,\n'
    cy = Owner(lms="moodle", name="Cy Bo")
    told = notes(matched(tmp_path, "canvas", text, cy, cy), tmp_path, "canvas", cy, cy)
    assert told[0] == "a: the line of r.csv that matches (Bo, Cy, 3) also matches b; left out"
    assert told[1].endswith("also matches a; left out")
    other = Owner(lms="canvas", number="4", name="Cy Bo")
    told = notes(matched(tmp_path, "canvas", text, other), tmp_path, "canvas", other)
    assert told[0] == "a: the line of r.csv with this name (Bo, Cy, 3) has another number; left out"


def test_the_worksheet_settles_one_name_of_two_in_moodle(tmp_path: Path) -> None:
    owner = Owner(lms="moodle", number="12", name="Ann Lee")
    text = "Full name,Email address\nAnn Lee,a@x.example\nAnn Lee,b@x.example\n"
    told = notes(matched(tmp_path, "moodle", text, owner), tmp_path, "moodle", owner)
    assert "give Moodle's grading worksheet with --roster" in told[-1]
    told = notes(matched(tmp_path, "moodle", "Full name\nAnn Lee\nAnn Lee\n", None), tmp_path, "moodle", None)
    assert "give a roster that has ids, because r.csv has none" in told[-1]


words = st.text("abcdéöß", min_size=2, max_size=5)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=6), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_is_never_given_twice(
    tmp_path: Path, people: list[tuple[str, str]], data: st.DataObject
) -> None:
    numbers = data.draw(st.permutations(range(len(people))))
    text = WORKSHEET + "".join(f"Participant {n},{a} {b},,\n" for n, (a, b) in enumerate(people))
    owners = [
        data.draw(
            st.sampled_from(
                [
                    Owner(lms="moodle", number=str(n), name=f"{people[n][0]} {people[n][1]}"),
                    Owner(lms="canvas", number="0", name=f"{people[n][1]}{people[n][0]}"),
                ]
            )
        )
        for n in numbers
    ]
    found = matched(tmp_path, "moodle", text, *owners)
    rows = [each.row for each in found.found.values()]
    assert len({*rows}) == len(rows)
    assert sorted([*found.found, *found.ambiguous, *found.unknown]) == [*"abcdefgh"[: len(people)]]
    for learner, each in found.found.items():
        if owners["abcdefgh".index(learner)].lms == "moodle":
            assert each.row == numbers["abcdefgh".index(learner)]
