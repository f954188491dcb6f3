"""Grades for other systems: in their columns, under their ids, and with no 0 for an empty cell."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import pytest
from class_samples import exercise_result, failed, quiz_result, unreadable

from grader.classroom.exports.grades import GRADESCOPE, Grades, grades
from grader.classroom.exports.roster import Key, System, read_roster
from grader.classroom.owner import Owner
from grader.errors import CourseError
from grader.files import csv_text

RESULTS = [
    exercise_result("ann@uni.example", [1, 0.5]),
    unreadable("bob"),
    quiz_result("bob", {"tiny-q1": "b", "tiny-q2": "c"}),
    failed("=cid"),
]
TITLES = {"exercise-sum": "Adding", "tiny": "A tiny quiz"}
CANVAS_ROSTER = """\
\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Adding (4711),Current Score
    Points Possible,,,,,2.00,(read only)
"Archer, Ann",101,S1,ann,Group 1,,
"Baker, Bob",102,S2,bob@uni.example,"Group 1 and, yes, 2",1,
"Student, Test",103,,f00ba,Group 1,,
"""


def table(found: Grades) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_text(found.rows))))


def roster(tmp_path: Path, text: str) -> Path:
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    return tmp_path / "roster.csv"


def test_canvas_gets_its_own_columns_and_ids(tmp_path: Path) -> None:
    known = read_roster(roster(tmp_path, CANVAS_ROSTER), "canvas")
    found = grades(RESULTS, "canvas", TITLES, known)
    assert table(found) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Adding (4711)", "tiny"],
        ["    Points Possible", "", "", "", "", "2.00", "3"],
        ["Archer, Ann", "101", "S1", "ann", "Group 1", "1.5", ""],
        ["Baker, Bob", "102", "S2", "bob@uni.example", "Group 1 and, yes, 2", "0", "2"],
    ]
    assert found.unknown == ("=cid",)


def test_canvas_can_be_exported_without_a_roster() -> None:
    header, points, *people = table(grades(RESULTS, "canvas", TITLES))
    assert header[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert points[0].strip() == "Points Possible"
    assert people[0] == ["'=cid", "", "", "'=cid", "", "", ""]  # neither a formula nor a grade
    assert people[1] == ["ann@uni.example", "", "", "ann@uni.example", "", "1.5", ""]


def test_moodle_identifies_people_with_and_without_a_roster(tmp_path: Path) -> None:
    assert table(grades(RESULTS[:3], "moodle", TITLES)) == [
        ["Username", "Email address", "exercise-sum", "tiny"],
        ["", "ann@uni.example", "1.5", ""],
        ["bob", "", "0", "2"],
    ]
    text = "First name,Last name,ID number,Email address\nAnn,Archer,7,ann@uni.example\n,,8,bob@x.example\n"
    known = read_roster(roster(tmp_path, text), "moodle")
    assert table(grades(RESULTS[:3], "moodle", TITLES, known)) == [
        ["First name", "Last name", "ID number", "Email address", "exercise-sum", "tiny"],
        ["Ann", "Archer", "7", "ann@uni.example", "1.5", ""],
        ["", "", "8", "bob@x.example", "0", "2"],
    ]


def test_gradescope_gets_two_columns_per_exercise_or_quiz(tmp_path: Path) -> None:
    text = "First Name,Last Name,SID,Email,Sections\nAnn,Archer,7,ann@uni.example,One\n"
    known = read_roster(roster(tmp_path, text), "gradescope-csv")
    found = grades(RESULTS[:3], "gradescope-csv", TITLES, known)
    assert table(found) == [
        [*GRADESCOPE, "exercise-sum", "exercise-sum - Max Points", "tiny", "tiny - Max Points"],
        ["Ann", "Archer", "7", "ann@uni.example", "One", "1.5", "2", "", "3"],
    ]
    assert found.unknown == ("bob",)


def test_two_people_with_one_name_are_ambiguous(tmp_path: Path) -> None:
    known = read_roster(roster(tmp_path, "Username\nbob@a\nbob@b\n"), "moodle")
    found = grades(RESULTS[1:3], "moodle", TITLES, known)
    assert (found.unknown, found.ambiguous) == ((), ("bob",))


@pytest.mark.parametrize(
    ("lines", "learners", "given", "unknown", "ambiguous"),
    [
        (["ann"], ["ann", "Ann"], {"ann": "1"}, [], ["Ann"]),
        (["Ann", "ann"], ["ann", "Ann"], {"Ann": "2", "ann": "1"}, [], []),
        (["Ann", "ann"], ["ANN"], {}, [], ["ANN"]),
        (["ann"], ["ANN", "Ann"], {}, [], ["ANN", "Ann"]),
        (["ANN"], ["ann"], {"ANN": "1"}, [], []),
        (["ann@a.example"], ["ann", "ann@a.example"], {"ann@a.example": "2"}, [], ["ann"]),
        (["ann@a.example"], ["ann", "Ann"], {}, [], ["Ann", "ann"]),
        # a learner whose exact line is taken does not get a similar one
        (["ann", "ann@a.example"], ["ann", "ANN"], {"ann": "1"}, [], ["ANN"]),
        (["ann", "ann"], ["ann", "zoe"], {}, ["zoe"], ["ann"]),
    ],
)
def test_no_two_learners_get_the_same_line(
    tmp_path: Path,
    lines: list[str],
    learners: list[str],
    given: dict[str, str],
    unknown: list[str],
    ambiguous: list[str],
) -> None:
    known = read_roster(roster(tmp_path, "\n".join(["Username", *lines]) + "\n"), "moodle")
    results = [exercise_result(name, [n], source=name) for n, name in enumerate(learners)]
    results = [msgspec.structs.replace(r, score=n, max_score=9) for n, r in enumerate(results, 1)]
    found = grades(results, "moodle", TITLES, known)
    assert {row[0]: row[-1] for row in table(found)[1:] if row[-1]} == given
    assert [row[0] for row in table(found)[1:]] == lines
    assert (found.unknown, found.ambiguous) == (tuple(unknown), tuple(ambiguous))


def test_two_learners_who_match_one_person_are_ambiguous(tmp_path: Path) -> None:
    known = read_roster(roster(tmp_path, "ID,SIS Login ID\n101,ann\n"), "canvas")
    found = grades([exercise_result(name, [1]) for name in ("ann", "101")], "canvas", TITLES, known)
    assert found.ambiguous == ("101", "ann")


@pytest.mark.parametrize("system", ["canvas", "moodle", "gradescope-csv"])
@pytest.mark.parametrize("text", ["", "\n", "a,b\n1,2\n", 'x"\ny,"'])
def test_a_roster_without_the_right_columns_is_refused(tmp_path: Path, text: str, system: System) -> None:
    with pytest.raises(CourseError, match="there is no column"):
        read_roster(roster(tmp_path, text), system)


def test_a_roster_that_is_not_a_csv_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "roster.xlsx").write_bytes(b"PK\x03\x04\xff")
    with pytest.raises(CourseError, match=r"is not a text file — .* save it as .CSV UTF-8.") as caught:
        read_roster(tmp_path / "roster.xlsx", "canvas")
    assert "codec" not in str(caught.value)
    with pytest.raises(CourseError, match=r"roster\.csv:2: a cell is too long for a CSV — "):
        read_roster(roster(tmp_path, f"Username\n{'x' * 200_000}\n"), "moodle")
    with pytest.raises(CourseError, match="there is no "):
        read_roster(tmp_path / "nowhere.csv", "canvas")


def test_the_same_name_at_another_domain_is_another_person(tmp_path: Path) -> None:
    known = read_roster(roster(tmp_path, "Email address\nann@elsewhere.example\n"), "moodle")
    assert grades(RESULTS[:1], "moodle", TITLES, known).unknown == ("ann@uni.example",)


@pytest.mark.parametrize(
    "header", ["Adding (7)", "ADDING", "exercise sum (7)", "Exercise-Sum", "Assignment: Adding (Real)"]
)
def test_a_column_is_found_without_case_spaces_and_hyphens(tmp_path: Path, header: str) -> None:
    known = read_roster(roster(tmp_path, f"Student,ID,Section,{header}\nann,1,,\n"), "canvas")
    found = grades([exercise_result("ann", [1])], "canvas", TITLES, known)
    assert (found.rows[0][-1], found.rows[2][-1], found.notes) == (header, 1.0, ())


def test_cells_without_a_grade_keep_what_canvas_had(tmp_path: Path) -> None:
    text = "Student,ID,Integration ID,Section,Adding (7),Adding (8)\n"
    text += 'Points Possible,,,,10,(read only)\n"A, ann",1,i1,s,9.5,\n"B, bob",2,,s,EX,\ncid,3,,s,-1,\n'
    known = read_roster(roster(tmp_path, text), "canvas")
    results = [exercise_result("bob a", [1]), exercise_result("b bob", [1, 1]), failed("cid")]
    found = grades(results, "canvas", TITLES, known)
    assert table(found) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Section", "Adding (7)"],
        ["    Points Possible", "", "", "", "", "", "10"],
        ["A, ann", "1", "", "", "i1", "s", "9.5"],
        ["B, bob", "2", "", "", "", "s", "2"],
        ["cid", "3", "", "", "", "s", "-1"],
    ]
    assert found.unknown == ("bob a",)
    points, words, keep = found.notes
    assert points.startswith("exercise-sum: Adding (7) has 10 points there, but 2 here")
    assert words == "exercise-sum: 1 grade in Adding (7) is replaced by a number: b bob (EX → 2)"
    assert keep.startswith("to keep a grade, add it to `overrides` in class.yaml")


def test_grades_that_are_replaced_are_named_with_the_lower_ones_first(tmp_path: Path) -> None:
    text = (
        'Student,ID,Section,Adding (7)\nann,1,,1.50\nbob,2,,2\ncid,3,,\ndan,4,,0\neve,5,,"1,75"\nfay,6,,1\n'
    )
    known = read_roster(roster(tmp_path, text), "canvas")
    results = [exercise_result(name, [1, 0.5]) for name in ("ann", "bob", "cid", "dan", "eve")]
    found = grades(results, "canvas", TITLES, known)
    assert found.notes == (
        "exercise-sum: 2 grades in Adding (7) are replaced by lower grades: bob (2 → 1.5), eve (1,75 → 1.5)",
        "exercise-sum: 1 grade in Adding (7) is replaced by a higher grade: dan (0 → 1.5)",
        "to keep a grade, add it to `overrides` in class.yaml (or to `excused`), and grade with --again",
    )


def test_a_worksheet_with_grades_says_which_of_them_change(tmp_path: Path) -> None:
    text = "Identifier,Full name,Grade,Maximum Grade,Last modified (grade)\n"
    text += "Participant 1,Ann,-,2,-\nParticipant 2,Bob,2.00,2,-\n"
    known = read_roster(roster(tmp_path, text), "moodle")
    found = grades([exercise_result(name, [1]) for name in ("Ann", "Bob")], "moodle", TITLES, known)
    assert "exercise-sum: 1 grade in Grade is replaced by a lower grade: Bob (2.00 → 1)" in found.notes


def test_of_many_replaced_grades_the_first_are_named(tmp_path: Path) -> None:
    names = [f"l{number:02}" for number in range(12)]
    text = "Student,ID,Section,Adding (7)\n" + "".join(f"{name},{n},,2\n" for n, name in enumerate(names))
    known = read_roster(roster(tmp_path, text), "canvas")
    found = grades([exercise_result(name, [1]) for name in names], "canvas", TITLES, known)
    assert "12 grades in Adding (7) are replaced by lower grades: l00 (2 → 1), l01" in found.notes[0]
    assert found.notes[0].endswith("l09 (2 → 1) and 2 more")


def test_two_columns_that_may_be_meant_are_not_guessed(tmp_path: Path) -> None:
    known = read_roster(roster(tmp_path, "Student,ID,Adding (7),Exercise Sum (8)\nann,1,,\n"), "canvas")
    results = [exercise_result("ann", [1])]
    with pytest.raises(CourseError, match=r"name one with --column exercise-sum=HEADER"):
        grades(results, "canvas", TITLES, known)
    found = grades(results, "canvas", TITLES, known, {"exercise-sum": "exercise sum (8)"})
    assert found.rows[0][-1] == "Exercise Sum (8)"


def test_a_new_column_is_announced(tmp_path: Path) -> None:
    known = read_roster(roster(tmp_path, "Student,ID,Adding twice (7)\nann,1,\n"), "canvas")
    found = grades([exercise_result("ann", [1])], "canvas", TITLES, known)
    assert found.rows[0][-1] == "exercise-sum"
    assert "has no such column, so exercise-sum is a new one" in found.notes[0]


def test_a_worksheet_is_for_one_assignment(tmp_path: Path) -> None:
    text = "Identifier,Full name,Grade,Maximum Grade,Last modified (grade)\nParticipant 1,Bob,,3,-\n"
    known = read_roster(roster(tmp_path, text), "moodle")
    with pytest.raises(CourseError, match=r"is for one assignment.*--column exercise-sum=Grade"):
        grades(RESULTS, "moodle", TITLES, known)
    found = grades(RESULTS, "moodle", TITLES, known, {"tiny": "Grade"})
    assert table(found)[1] == ["Participant 1", "Bob", "2", "3", "-"]
    assert found.notes == ("exercise-sum: the worksheet is for tiny; left out",)
    without = text.replace(",Last modified (grade)", "").replace(",-", "")
    found = grades(RESULTS[2:3], "moodle", TITLES, read_roster(roster(tmp_path, without), "moodle"))
    assert "Moodle refuses a worksheet without the column" in found.notes[-1]


def test_the_sum_of_all_work_fills_one_column(tmp_path: Path) -> None:
    text = "Identifier,Full name,Grade,Maximum Grade,Last modified (grade)\nParticipant 1,Bob,,3,-\n"
    known = read_roster(roster(tmp_path, text), "moodle")
    best = {result.item: result.max_score for result in RESULTS}
    points = sum(result.score for result in RESULTS if result.learner == "bob")
    found = grades(RESULTS, "moodle", TITLES, known, {"total": "Grade"})
    assert table(found)[1] == ["Participant 1", "Bob", f"{points:g}", "3", "-"]
    assert found.notes == (
        f"total: Grade has 3 points there, but {sum(best.values()):g} here; the scores are not rescaled",
    )
    failing = [*RESULTS, failed("bob", "other")]
    found = grades(failing, "moodle", TITLES, known, {"total": "Grade"})
    assert table(found)[1] == ["Participant 1", "Bob", "", "3", "-"]  # not a grade to transfer


def test_without_a_roster_a_learner_is_named_by_their_own_system() -> None:
    owner = Owner(lms="canvas", number="7", name="archerann", login="ann1")
    results = [msgspec.structs.replace(exercise_result("archerann_7", [1]), owner=owner)]
    idle = {"idle_8": Owner(lms="canvas", number="8", name="idle")}
    found = grades(results, "canvas", TITLES, without_work=idle)
    assert table(found)[2:] == [["archerann", "7", "", "ann1", "", "1"], ["idle", "8", "", "", "", ""]]
    assert table(grades(results, "moodle", TITLES))[1] == ["archerann", "ann1", "1"]


POLISH = """\
Identyfikator,Pełna nazwa,Status,Ocena,Maksymalna ocena,Ostatnio zmodyfikowane (ocena)
Uczestnik 101,Ada Brown,Nie oddano,,2,-
Uczestnik 102,Ben Cole,Nie oddano,,2,-
"""


def test_a_worksheet_in_an_unknown_language_is_not_cut_down_silently(tmp_path: Path) -> None:
    results = [exercise_result("Ada Brown", [1])]
    found = grades(
        results, "moodle", TITLES, read_roster(roster(tmp_path, POLISH), "moodle", {Key.NAME: "Pełna nazwa"})
    )
    assert found.notes[-1] == (
        "this may be a grading worksheet in another language; Identyfikator, Status, Ocena, Maksymalna "
        "ocena, Ostatnio zmodyfikowane (ocena) are left out, so Moodle would refuse it; to keep all columns, "
        "add --column number=Identyfikator and --column grade=HEADER"
    )
    columns = {Key.NAME: "Pełna nazwa", Key.NUMBER: "Identyfikator", Key.GRADE: "Ocena"}
    found = grades(results, "moodle", TITLES, read_roster(tmp_path / "roster.csv", "moodle", columns))
    assert table(found)[1] == ["Uczestnik 101", "Ada Brown", "Nie oddano", "1", "2", "-"]
    assert found.notes == ()
    with pytest.raises(CourseError, match=r"only Identyfikator, .* --column number=HEADER --column"):
        read_roster(tmp_path / "roster.csv", "moodle")


def test_a_moodle_gradebook_is_not_taken_for_a_worksheet(tmp_path: Path) -> None:
    text = "Full name,Username,Groups,Assignment: X (Real)\nAda Brown,ada,Group 1,\nBen Cole,ben,Group 2,\n"
    found = grades(
        [exercise_result("ada", [1])], "moodle", TITLES, read_roster(roster(tmp_path, text), "moodle")
    )
    assert [note for note in found.notes if "worksheet" in note] == []


def test_without_a_roster_missing_and_guessed_ids_are_told() -> None:
    moodle = Owner(lms="moodle", number="101", name="Ada Brown")
    results = [
        msgspec.structs.replace(exercise_result("Ada Brown_101", [1]), owner=moodle),
        exercise_result("ben", [1]),
    ]
    missing, guessed = grades(results, "moodle", TITLES).notes
    assert missing == (
        "the file has no Username, Email address or ID number for Ada Brown_101; give the grading worksheet "
        "that Moodle exported with --roster FILE, so that everybody is found"
    )
    assert guessed == (
        "Username holds the names of learners' directories; if Moodle has other ids, give the grading "
        "worksheet that Moodle exported with --roster FILE"
    )
    (only,) = grades(results[1:], "canvas", TITLES).notes
    assert only.startswith("SIS Login ID holds the names of")
    canvas = Owner(lms="canvas", number="7", name="brownada")
    assert grades([msgspec.structs.replace(results[0], owner=canvas)], "canvas", TITLES).notes == ()
