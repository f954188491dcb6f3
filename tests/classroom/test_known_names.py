"""Learners are shown under the names that their system knows."""

from __future__ import annotations

from class_samples import exercise_result
from msgspec.structs import replace

from grader.classroom.known_names import known_names
from grader.classroom.owner import Owner
from grader.classroom.results import Result


def moodle(name: str, number: str) -> Result:
    owner = Owner(lms="moodle", number=number, name=name)
    return replace(exercise_result(f"{name}_{number}", [1]), owner=owner)


def test_a_known_name_replaces_that_of_the_directory() -> None:
    results = [moodle("Chloé Durand", "48224"), exercise_result("own-directory", [1])]
    owner = Owner(lms="moodle", number="48231", name="Eva Schmidt")
    assert known_names(results, {"Eva Schmidt_48231": owner}) == {
        "Chloé Durand_48224": "Chloé Durand",
        "own-directory": "own-directory",
        "Eva Schmidt_48231": "Eva Schmidt",
    }


def test_names_that_look_alike_are_followed_by_the_number() -> None:
    results = [moodle("Ada Lovelace", "1"), moodle("ada lovelace", "2"), exercise_result("Ada Lovelace", [1])]
    assert known_names(results, {}) == {
        "Ada Lovelace_1": "Ada Lovelace (1)",
        "ada lovelace_2": "ada lovelace (2)",
        "Ada Lovelace": "Ada Lovelace",
    }


def test_a_member_of_a_group_is_not_shown_under_the_name_of_who_handed_in() -> None:
    ada, bob = moodle("Ada Lovelace", "1"), moodle("Bob Byrne", "2")
    member = replace(ada, learner="cy", handed_in_by=ada.learner, owner=None)
    other = replace(ada, learner=bob.learner, handed_in_by=ada.learner, owner=bob.owner)
    assert known_names([ada, member, other], {}) == {
        ada.learner: "Ada Lovelace",
        "cy": "cy",
        bob.learner: "Bob Byrne",
    }
