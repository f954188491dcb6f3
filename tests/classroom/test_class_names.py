"""Names in class.yaml: each identifies one learner, or nothing is graded."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classroom.class_file import ClassFile, class_file_of
from grader.classroom.class_names import with_known_names
from grader.classroom.owner import Owner
from grader.errors import CourseError

MOODLE = {
    f"{name}_{number}": Owner(lms="moodle", number=number, name=name, login=login, email=f"{login}@x.org")
    for name, number, login in (
        ("Ada Lovelace", "12345", "alovelace"),
        ("Chloé Dupont", "12347", "cdupont"),
        ("Bob Byrne", "12348", "bbyrne"),
        ("Bob Byrne", "12349", "bob2"),
    )
}
PLAIN = dict.fromkeys(("ada", "bob", "u1001", "u1002"))
SIGNED = "who: Ng, when: 2026-11-20, why: ill"


def read(text: str, known: dict[str, Owner] | dict[str, None] = MOODLE) -> ClassFile:
    text = f"timezone: UTC\n{text}"
    path = Path("class.yaml")
    return with_known_names(class_file_of(text, path, ["tiny", "exercise-x"]), text, path, known)


def override(name: str, known: dict[str, Owner] | dict[str, None] = MOODLE, more: str = "") -> str:
    text = f"{more}overrides:\n  - {{learner: {name!r}, work: tiny, score: 1, {SIGNED}}}\n"
    return read(text, known).overrides[0].learner


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace_12345",
        "Ada Lovelace",
        "Lovelace, Ada",
        "12345",
        "alovelace",
        "ALovelace",
        "alovelace@x.org",
    ],
)
def test_a_learner_is_named_by_all_that_identifies_one(name: str) -> None:
    assert override(name) == "Ada Lovelace_12345"
    assert read(f"groups: [{{name: t, learners: [{name!r}, '12347']}}]").groups[0].learners == (
        "Ada Lovelace_12345",
        "Chloé Dupont_12347",
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Ada Lovelac", "is not a learner here — did you mean “Ada Lovelace_12345”?"),
        ("Ada", "did you mean “Ada Lovelace_12345”?"),
        ("Ada Lovelace_12346", "did you mean “Ada Lovelace_12345”?"),
        ("Chloe Dupond", "did you mean “Chloé Dupont_12347”?"),
        ("Bob Byrne", "'Bob Byrne' may be “Bob Byrne_12348” or “Bob Byrne_12349”"),
        ("Bob Byrn", "did you mean “Bob Byrne_12348” or “Bob Byrne_12349”?"),
    ],
)
def test_a_slip_or_an_ambiguous_name_is_refused(name: str, says: str) -> None:
    with pytest.raises(CourseError, match=r"class\.yaml:3: ") as refused:
        override(name)
    assert says in str(refused.value)
    with pytest.raises(CourseError, match=r"class\.yaml:2: "):
        read(f"groups: [{{name: t, learners: [{name!r}]}}]")


def test_somebody_without_a_submission_stays_who_they_are() -> None:
    assert override("Zoe Quinn") == "Zoe Quinn"
    assert override("zoe", PLAIN) == "zoe"
    assert override("u1003", PLAIN) == "u1003"  # not a slip for u1002
    assert override("bob", PLAIN, "groups: [{name: bobs, learners: [ada]}]\n") == "bob"
    assert override("team", PLAIN, "groups: [{name: team, learners: [ada, bob]}]\n") == "team"


def test_a_near_name_is_taken_if_it_is_declared_absent() -> None:
    with pytest.raises(CourseError, match="add the name to `absent`"):
        override("adam", PLAIN)
    assert override("adam", PLAIN, "absent: [adam]\n") == "adam"
    assert override("ada", PLAIN, "absent: [ada]\n") == "ada"  # who handed in later
    with pytest.raises(CourseError, match="'Ada Lovelace' is absent, but may be “Ada Lovelace_12345”"):
        override("Ada Lovelace", MOODLE, "absent: [Ada Lovelace]\n")


def test_a_member_without_a_submission_is_one_person() -> None:
    text = "groups: [{name: t, learners: [ada, Zoe]}]\n"
    text += f"overrides: [{{learner: zoe, work: tiny, score: 1, {SIGNED}}}]"
    assert read(text, PLAIN).overrides[0].learner == "Zoe"


def test_one_learner_under_two_names_is_in_one_group() -> None:
    text = "groups:\n  - {name: t, learners: [Ada Lovelace]}\n  - {name: s, learners: ['12345']}"
    with pytest.raises(CourseError, match=r"class\.yaml:4: .*would be in t and s"):
        read(text)
