"""Learners with the same name are told apart by what the system says of them."""

from __future__ import annotations

from class_samples import exercise_result
from msgspec.structs import replace

from grader.classroom.namesakes import namesakes_in
from grader.classroom.owner import Owner
from grader.classroom.results import Result


def moodle(name: str, number: str) -> Result:
    owner = Owner(lms="moodle", number=number, name=name)
    return replace(exercise_result(f"{name}_{number}", [1]), owner=owner)


def test_namesakes_are_named_with_their_numbers_and_files() -> None:
    results = [moodle("Ada Lovelace", "1"), moodle("Bob Byrne", "2"), moodle("ada  lovelace", "3")]
    fourth = Owner(lms="moodle", number="4", name="Ada Lovelace")
    (found,) = namesakes_in(results, {"Ada Lovelace_4": fourth})
    assert [each.learner for each in found.learners] == [
        "Ada Lovelace_1",
        "Ada Lovelace_4",
        "ada  lovelace_3",
    ]
    assert found.says.startswith(
        "3 learners are called Ada Lovelace: Ada Lovelace_1 (number 1, Ada Lovelace_1/exercise_sum.py); "
        "Ada Lovelace_4 (number 4, no gradable files); ada  lovelace_3 (number 3, "
    )
    assert "If they are one person, keep the files of one" in found.says


def test_directories_alone_and_members_of_a_group_are_no_namesakes() -> None:
    ada = moodle("Ada Lovelace", "1")
    member = replace(ada, learner="cy", handed_in_by=ada.learner, owner=None)
    assert namesakes_in([ada, member, exercise_result("bob", [1]), exercise_result("Bob", [1])], {}) == ()


def test_a_long_list_is_cut() -> None:
    (found,) = namesakes_in([moodle("Ada", str(number)) for number in range(8)], {})
    assert "; 3 more. Each has a row" in found.says
