"""The names that learning platforms give to directories and files, and an instructor's rule for others."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.owner import Owner
from grader.classroom.system_names import NameRule, owner_of_directory, read_system_name
from grader.errors import CourseError


def canvas(number: str, name: str | None = None, **more: object) -> Owner:
    return Owner(lms="canvas", number=number, name=name, **more)  # type: ignore[arg-type]


FILES = [
    ("lovelaceada_12_34_x.py", "lovelaceada_12", canvas("12", "lovelaceada"), "x.py"),
    (
        "hoppergrace_LATE_12_34_x-1.py",
        "hoppergrace_12",
        canvas("12", "hoppergrace", late=True, attempt="2"),
        "x-1.py",
    ),
    ("o_neil_12_34_5_6_x.py", "o_neil_12", canvas("12", "o_neil"), "5_6_x.py"),
    ("meerjan_12_text.html", "meerjan_12", canvas("12", "meerjan"), "text.html"),
    ("anon_Qz7Yp_34_x.py", "anon_Qz7Yp", canvas("anon_Qz7Yp"), "x.py"),
    ("LATE_anon_Qz7Yp_34_x.py", "anon_Qz7Yp", canvas("anon_Qz7Yp", late=True), "x.py"),
    ("anon_12_34_x.py", "anon_12", canvas("12", "anon"), "x.py"),
    (
        "Ada Lovelace_12_assignsubmission_file_x.py",
        "Ada Lovelace_12",
        Owner(lms="moodle", number="12", name="Ada Lovelace"),
        "x.py",
    ),
    (
        "Ex 1_alovelace_attempt_2026-01-02-03-04-05_my_x.py",
        "alovelace",
        Owner(lms="blackboard", login="alovelace", time="2026-01-02T03:04:05"),
        "my_x.py",
    ),
    (
        "12-34 - Ada Lovelace - Jan 2, 2026 304 PM - x - y.py",
        "Ada Lovelace_12",
        Owner(lms="brightspace", number="12", name="Ada Lovelace", time="2026-01-02T15:04"),
        "x - y.py",
    ),
    (
        "12-34 - Ada Lovelace - December 12, 2026 12:04 AM - x.py",
        "Ada Lovelace_12",
        Owner(lms="brightspace", number="12", name="Ada Lovelace", time="2026-12-12T00:04"),
        "x.py",
    ),
]


@pytest.mark.parametrize(("name", "label", "owner", "rest"), FILES, ids=[name for name, *_ in FILES])
def test_files(name: str, label: str, owner: Owner, rest: str) -> None:
    named = read_system_name(name, is_directory=False)
    assert named is not None
    assert (named.label, named.owner, named.rest) == (label, owner, rest)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("Ada Lovelace_12_assignsubmission_file_", Owner(lms="moodle", number="12", name="Ada Lovelace")),
        ("Ada Lovelace_12_assignsubmission_file", Owner(lms="moodle", number="12", name="Ada Lovelace")),
        ("Ada_12_assignsubmission_onlinetext", Owner(lms="moodle", number="12", name="Ada")),
        ("Participant 12_assignsubmission_file_", Owner(lms="moodle", number="12", name="Participant 12")),
        ("Teilnehmerin_12_assignsubmission_file_", Owner(lms="moodle", number="12", name="Teilnehmerin")),
        (
            "12-34 - Ada - Jan 2, 2026 304 PM",
            Owner(lms="brightspace", number="12", name="Ada", time="2026-01-02T15:04"),
        ),
        (
            "12-34 - Ada - 2. Januar 2026 15:04",  # of another language, so its order is not known
            Owner(lms="brightspace", number="12", name="Ada", time="2. Januar 2026 15:04"),
        ),
    ],
)
def test_directories(name: str, owner: Owner) -> None:
    named = read_system_name(name, is_directory=True)
    assert named is not None
    assert named.owner == owner


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "12-34", "exercise_x.py", "a_attempt_2026", "ada_1"])
def test_other_names_are_no_system_s(name: str) -> None:
    assert read_system_name(name, is_directory=True) is None
    assert read_system_name(name, is_directory=False) is None


def test_some_directories_are_recognized_as_a_class_only() -> None:
    sakai, ilias = (
        ["Lovelace, Ada(ada1)", "Hopper, Grace(grace)"],
        ["Lovelace_Ada_ada1_12", "Hopper_Grace_g_13"],
    )
    assert owner_of_directory(sakai[0], sakai) == Owner(lms="sakai", name="Lovelace, Ada", login="ada1")
    found = Owner(lms="ilias", name="Lovelace, Ada", login="ada1", number="12")
    assert owner_of_directory(ilias[0], ilias) == found
    assert owner_of_directory(ilias[0], [*ilias, "Team_1"]) == found
    assert owner_of_directory(ilias[0], [ilias[0], "bob"]) is None
    named_like_another = "Mallory (Mal)(victim), X(mallory)"
    owner = owner_of_directory(named_like_another, [*sakai, named_like_another])
    assert owner == Owner(lms="sakai", name="Mallory (Mal)(victim), X", login="mallory")


def test_a_file_s_own_name_never_changes_whose_it_is() -> None:
    for rest in ("_victim_attempt_2030-01-01-00-00-00_x.py", "victim_attempt_2030-01-01-00-00-00.txt"):
        name = f"X_mallory_attempt_2026-01-02-03-04-05_{rest}"
        named = read_system_name(name, is_directory=False)
        assert named is not None
        assert (named.owner.login, named.rest, named.is_receipt) == ("mallory", rest, False)
    named = read_system_name("mallory_66_99_victim_11_22_x.py", is_directory=False)
    assert named is not None
    assert (named.owner.number, named.rest) == ("66", "victim_11_22_x.py")


texts = st.text(string.ascii_lowercase + "äéñ'", min_size=1, max_size=8)
files = st.text(string.ascii_lowercase + "_ -()", min_size=1, max_size=8).map("x{}.py".format)


@given(texts, st.integers(1, 10**9), st.integers(1, 10**9), files, st.booleans())
def test_what_canvas_writes_is_read_back(name: str, who: int, file: int, rest: str, late: bool) -> None:
    named = read_system_name(f"{name}_{'LATE_' * late}{who}_{file}_{rest}", is_directory=False)
    assert named is not None
    assert (named.owner.name, named.owner.number, named.owner.late) == (name, str(who), late)
    assert named.rest == rest


# --- a rule ---


def test_a_rule_reads_the_names_of_another_system() -> None:
    rule = NameRule(r"(?P<last>\w+)\.(?P<first>\w+)-(?P<sid>\d+)(?P<late>-late)?-(?P<file>.+)")
    named = rule.read("Lovelace.Ada-0047-late-exercise_x.py")
    assert named is not None
    assert named.owner == Owner(name="Ada Lovelace", sid="0047", late=True)
    assert (named.label, named.rest) == ("0047", "exercise_x.py")
    assert rule.read("ada") is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", "write a regular expression such as"),
        (r"(?P<who>.+)", "there is no group who — use attempt, email, file, first"),
        (r"(?P<file>.+)", "the pattern names no owner — add a group"),
    ],
)
def test_a_wrong_rule_is_explained(pattern: str, why: str) -> None:
    with pytest.raises(CourseError, match=why):
        NameRule(pattern)
