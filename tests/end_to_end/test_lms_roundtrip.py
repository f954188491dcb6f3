"""A class comes home: the download of each system, graded and exported with rosters of the same system."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest
from grading_place import Place
from sound_course import EXERCISE_YAML, SOLUTION

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")

RIGHT = SOLUTION.encode()
HALF = SOLUTION.replace("[0]", "[-1]").encode()  # 3 of 4 points
METADATA = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '4711'
    :email: ada@x.example
submission_2:
  :submitters:
  - :name: Grace Hopper
    :sid: '4712'
    :email: grace@x.example
  - :name: "O'Neil, Seán"
    :sid: '4713'
    :email: sean@x.example
"""
RECEIPT = b"Name: Ada Lovelace (ada_l)\n"
DOWNLOADS: dict[str, dict[str, bytes]] = {
    "canvas": {
        "adaloveláce_4711_900001_exercise_x.py": RIGHT,
        "hoppergrace_LATE_4712_900002_exercise_x-1.py": HALF,
        "oneilséan_4713_900003_exercise x (1).py": RIGHT,
    },
    "canvas-anonymous": {
        "anon_aB3xY_900001_exercise_x.py": RIGHT,
        "LATE_anon_Qw9zz_900002_exercise_x.py": HALF,
    },
    "moodle": {
        "Ada Lovelace_657693_assignsubmission_file/exercise_x.py": RIGHT,
        "Grace Hopper_657694_assignsubmission_file/exercise_x.py": HALF,
        "Seán O'Neil_657695_assignsubmission_file/exercise_x.py": RIGHT,
        "Seán O'Neil_657695_assignsubmission_onlinetext/onlinetext.html": b"<p>",
    },
    "moodle-anonymous": {
        "Participant_657693_assignsubmission_file_/exercise_x.py": RIGHT,
        "Participant_657694_assignsubmission_file_/exercise_x.py": HALF,
        "Participant 657695_assignsubmission_file_/exercise_x.py": RIGHT,
    },
    "gradescope": {
        "assignment_1_export/submission_metadata.yml": METADATA.encode(),
        "assignment_1_export/submission_1/exercise_x.py": RIGHT,
        "assignment_1_export/submission_2/exercise_x.py": HALF,
    },
    "blackboard": {
        "X_1_ada_l_attempt_2026-11-20-10-20-30.txt": RECEIPT,
        "X_1_ada_l_attempt_2026-11-20-10-20-30_exercise_x.py": RIGHT,
        "X_1_ghopper_attempt_2026-11-20-11-20-30_exercise_x.py": RIGHT,
        "X_1_ghopper_attempt_2026-11-21-09-00-00_exercise_x.py": HALF,
        "X_1_soneil_attempt_2026-11-21-09-00-00_exercise_x.py": RIGHT,
    },
    "brightspace": {
        "11-9 - Ada Lovelace - Jan 2, 2026 304 PM - exercise_x.py": RIGHT,
        "12-9 - Grace Hopper - Jan 2, 2026 304 PM - exercise_x.py": RIGHT,
        "12-9 - Grace Hopper - Jan 12, 2026 904 AM - exercise_x.py": HALF,
        "13-9 - Sean O'Neil - Jan 2, 2026 304 PM - exercise_x.py": RIGHT,
    },
    "sakai": {
        "X/Lovelace, Ada(ada_l)/Submission attachment(s)/exercise_x.py": RIGHT,
        "X/Hopper, Grace(ghopper)/Submission attachment(s)/exercise_x.py": HALF,
        "X/O'Neil, Seán(soneil)/Submission attachment(s)/exercise_x.py": RIGHT,
    },
    "ilias": {
        "X/Lovelace_Ada_ada_11/exercise_x.py": RIGHT,
        "X/Hopper_Grace_ghopper_12/exercise_x.py": HALF,
        "X/ONeil_Sean_soneil_13/exercise_x.py": RIGHT,
    },
    "nbgrader": {
        "submitted/ada_l/day/exercise_x.py": RIGHT,
        "submitted/ghopper/day/exercise_x.py": HALF,
        "submitted/soneil/day/exercise_x.py": RIGHT,
    },
}
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Exercise X (88),Other (99),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,4.00,16,(read only)
"Lovelace, Ada",4711,S100,ada_l,A,,,
"Hopper, Grace",4712,S101,ghopper,A,2,,
"O'Neil, Seán",4713,S102,soneil,A,,,
"Bystander, Bo",4799,S199,bo,A,1.5,,
"Student, Test",99,,t,A,,,
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (grade),Feedback comments
Participant 657693,Ada Lovelace,ada@x.example,Submitted,,4.00,-,
Participant 657694,Grace Hopper,grace@x.example,Submitted,2.00,4.00,-,
Participant 657695,Seán O'Neil,sean@x.example,Submitted,,4.00,-,keep me
Participant 657699,Bo Bystander,bo@x.example,Draft,1.50,4.00,-,
"""
GERMAN = """\
ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Zuletzt geändert (Bewertung)
Teilnehmer/in657693;Ada Lovelace;ada@x.example;Abgegeben;;4,00;-
Teilnehmer/in657694;Grace Hopper;grace@x.example;Abgegeben;2,00;4,00;-
Teilnehmer/in657695;Seán O'Neil;sean@x.example;Abgegeben;;4,00;-
Teilnehmer/in657699;Bo Bystander;bo@x.example;Entwurf;1.50;4,00;-
"""
HIDDEN = "".join(
    ",".join([cells[0], "", "", *cells[3:]]) + "\n" if n else f"{','.join(cells)}\n"
    for n, cells in enumerate(line.split(",") for line in WORKSHEET.splitlines())
)
GRADESCOPE = """\
First Name,Last Name,SID,Email,Sections,Exercise X,Exercise X - Max Points
Ada,Lovelace,4711,ada@x.example,A,,4
Grace,Hopper,4712,grace@x.example,A,2,4
Seán,O'Neil,4713,sean@x.example,A,,4
Bo,Bystander,4799,bo@x.example,A,1.5,4
"""
GERMAN_LIST = """\
Vorname\tNachname\tAnmeldename\tE-Mail-Adresse
Ada\tLovelace\tada_l\tada@x.example
Grace\tHopper\tghopper\tgrace@x.example
Seán\tO'Neil\tsoneil\tsean@x.example
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("lms"))
    place.course.replace(EXERCISE_YAML, "title: X\n", "title: Exercise X\n")
    yield place


def write_zip(place: Place, name: str, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(place.root / f"{name}.zip", "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)


def grade(place: Place, name: str) -> None:
    """Grade a download, once."""
    if not (place.root / name).exists():
        write_zip(place, name, DOWNLOADS[name])
        done = place.run("grade", f"{name}.zip", "--output", name, "--seed", "7")
        assert done.returncode == 0, done.stderr


def exported(
    place: Place, name: str, system: str, roster: str | bytes, *more: str
) -> tuple[list[list[str]], subprocess.CompletedProcess[str]]:
    grade(place, name)
    (place.root / "roster.csv").write_bytes(roster if isinstance(roster, bytes) else roster.encode())
    done = place.run(
        "export", "grades", name, "--format", system, "--roster", "roster.csv", *more, "-o", "grades.csv"
    )
    return list(csv.reader(io.StringIO((place.root / "grades.csv").read_text()))), done


def column(table: list[list[str]], header: str) -> list[str]:
    return [row[table[0].index(header)] for row in table[1:]]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("canvas", "3 by number"),
        ("moodle", "3 by name"),
        ("gradescope", "3 by name"),
        ("blackboard", "3 by login"),
        ("brightspace", "3 by name"),
        ("sakai", "3 by login"),
        ("ilias", "2 by login, 1 by name"),
        ("nbgrader", "3 by login"),
    ],
)
def test_every_row_of_canvas_is_filled(place: Place, name: str, how: str) -> None:
    table, done = exported(place, name, "canvas", CANVAS)
    assert done.returncode == 0, done.stderr
    assert table[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Exercise X (88)"]
    assert column(table, "Exercise X (88)") == ["4.00", "4", "3", "3" if name == "gradescope" else "4", "1.5"]
    assert done.stdout == f"Wrote grades.csv. Matched 3 learners: {how}.\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_canvas_rosters_that_a_spreadsheet_saved(place: Place, encoding: str, delimiter: str) -> None:
    rows = csv.reader(io.StringIO(CANVAS))
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    table, done = exported(place, "canvas", "canvas", text.getvalue().encode(encoding))
    assert done.returncode == 0, done.stderr
    assert column(table, "Exercise X (88)") == ["4.00", "4", "3", "4", "1.5"]
    assert column(table, "Student")[-2] == "O'Neil, Seán"


@pytest.mark.parametrize(
    ("name", "roster", "header"),
    [
        ("moodle", WORKSHEET, "Grade"),
        ("moodle", GERMAN, "Bewertung"),
        ("moodle-anonymous", HIDDEN, "Grade"),
        ("moodle-anonymous", GERMAN, "Bewertung"),
        ("brightspace", WORKSHEET, "Grade"),
    ],
)
def test_every_row_of_a_moodle_worksheet_is_filled(place: Place, name: str, roster: str, header: str) -> None:
    before = list(csv.reader(io.StringIO(roster), delimiter=";" if roster is GERMAN else ","))
    for encoding in ("utf-8", "utf-16"):
        table, done = exported(place, name, "moodle", roster.encode(encoding))
        assert done.returncode == 0, done.stderr
        assert column(table, header) == ["4", "3", "4", "1.50"]
        at = before[0].index(header)
        assert [row[:at] + row[at + 1 :] for row in table] == [row[:at] + row[at + 1 :] for row in before]


def test_every_row_of_other_moodle_rosters_and_of_gradescope_is_filled(place: Place) -> None:
    for name in ("moodle", "gradescope", "sakai", "nbgrader"):
        table, done = exported(place, name, "moodle", GERMAN_LIST.encode("cp1252"))
        assert done.returncode == 0, done.stderr
        assert column(table, "exercise-x") == ["4", "3", "3" if name == "gradescope" else "4"]
    table, done = exported(place, "gradescope", "gradescope-csv", GRADESCOPE)
    assert (done.returncode, column(table, "Exercise X")) == (0, ["4", "3", "3", "1.5"])
    assert "3 by sid" in done.stdout
    without_sids = GRADESCOPE.replace("4711", "").replace("4712", "")
    table, done = exported(place, "gradescope", "gradescope-csv", without_sids)
    assert (done.returncode, column(table, "Exercise X")) == (0, ["4", "3", "3", "1.5"])
    assert "1 by sid, 2 by email" in done.stdout or "2 by email, 1 by sid" in done.stdout


def test_everybody_who_is_not_exported_is_named(place: Place) -> None:
    _, done = exported(place, "canvas-anonymous", "canvas", CANVAS)
    assert done.returncode == 1
    assert "anon_Qw9zz, anon_aB3xY: not in roster.csv; left out" in done.stderr


def test_columns_can_be_named_and_matches_listed(place: Place) -> None:
    table, done = exported(
        place, "canvas", "canvas", CANVAS, "--column", "exercise-x=Other (99)", "--details"
    )
    assert table[0][-1] == "Other (99)"
    assert "exercise-x: Other (99) has 16 points there, but 4 here" in done.stderr
    assert "Note: hoppergrace_4712: by number, 4712\n" in done.stderr
    roster = "Tunnus,Nimi,Arvosana\nada_l,Ada,\nghopper,G,\nsoneil,S,\n"
    options = ("--column", "login=Tunnus", "--column", "Arvosana")
    table, done = exported(place, "sakai", "moodle", roster, *options)
    assert (done.returncode, column(table, "Arvosana")) == (0, ["4", "3", "4"])


def test_results_keep_what_the_system_said_and_who_has_no_work(place: Place) -> None:
    files = {**DOWNLOADS["canvas"], "meerjan_4714_text.html": b"<p>"}
    write_zip(place, "idle", files)
    done = place.run("grade", "idle.zip", "--output", "idle", "--seed", "7")
    assert done.returncode == 0
    lines = (place.root / "idle" / "results.jsonl").read_text().splitlines()
    assert json.loads(lines[1])["owner"] == {
        "lms": "canvas",
        "number": "4712",
        "name": "hoppergrace",
        "attempt": "2",
        "late": True,
    }
    _, done = exported(place, "idle", "canvas", CANVAS + '"Meer, Jan",4714,,meer,A,,,\n')
    assert done.returncode == 1
    assert "meerjan_4714: no graded work, so there is no grade" in done.stderr


def test_hidden_names_hide_the_owner(place: Place) -> None:
    grade(place, "gradescope")
    done = place.run("report", "gradescope", "--anonymous", "--json")
    assert done.returncode == 0, done.stderr
    for secret in ("Ada", "Lovelace", "4711", "x.example", "submission_"):
        assert secret not in done.stdout


def test_a_rule_reads_other_names(place: Place) -> None:
    files = {"0047+exercise_x.py": RIGHT, "0048+exercise_x.py": HALF}
    write_zip(place, "other", files)
    rule = r"(?P<sid>\d+)\+(?P<file>.+)"
    done = place.run("grade", "other.zip", "--output", "other", "--seed", "7", "--names", rule)
    assert done.returncode == 0, done.stderr
    done = place.run("grade", "other.zip", "--output", "other", "--resume")
    assert done.returncode == 0, done.stderr
    assert "2 results kept from earlier" in done.stdout
    table, done = exported(place, "other", "moodle", "ID number,Email address\n0048,g@x\n0047,a@x\n")
    assert (done.returncode, column(table, "exercise-x")) == (0, ["3", "4"])
