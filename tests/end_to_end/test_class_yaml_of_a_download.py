"""A class.yaml for the download of a learning platform: names, groups and times."""

from __future__ import annotations

import csv
import json
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from grading_place import Place
from sound_course import SOLUTION

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")

HALF = SOLUTION.replace("[0]", "[-1]")  # 3 of 4 points
SIGNED = "who: Ng, when: 2026-11-20, why: oral exam"
MOODLE = {
    f"{name}_assignsubmission_file_/exercise_x.py": f"{HALF}# {name}\n"
    for name in ("Ada Lovelace_12345", "Chloé Dupont_12347", "Grace Hopper_12348")
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def write_zip(path: Path, files: Mapping[str, str], days: Mapping[str, int] | None = None) -> None:
    """Write a download. The entries have the date of 28 November, or another day of that month."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            day = (days or {}).get(name, 28)
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, day, 12, 0, 0)), text)


def write_class(place: Place, text: str) -> None:
    (place.root / "class.yaml").write_text(f"timezone: Europe/Berlin\n{text}", "utf-8")


def table(place: Place) -> dict[str, dict[str, str]]:
    with (place.root / "grades" / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def test_a_learner_of_moodle_is_named_without_the_number(place: Place) -> None:
    write_zip(place.root / "moodle.zip", MOODLE)
    override = "overrides: [{{learner: {}, work: exercise-x, score: 4, {}}}]\n"
    write_class(place, override.format("Ada Lovelac", SIGNED))
    refused = place.run("grade", "moodle.zip", "--class", "class.yaml")
    assert refused.returncode == 2
    assert "did you mean “Ada Lovelace_12345”?" in refused.stderr
    assert not (place.root / "grades").exists()

    write_class(
        place, override.format("Ada Lovelace", SIGNED) + f"excused: [{{learner: Zoe Quinn, {SIGNED}}}]\n"
    )
    done = place.run("grade", "moodle.zip", "--class", "class.yaml")
    assert done.returncode == 0, done.stderr
    assert "their rows come from this file alone: Zoe Quinn." in " ".join(done.stdout.split())
    assert {name: row["total"] for name, row in table(place).items()} == {
        "Ada Lovelace_12345": "4",
        "Chloé Dupont_12347": "3",
        "Grace Hopper_12348": "3",
        "Zoe Quinn": "0",
    }
    (place.root / "list.csv").write_text("Full name,ID number\nAda Lovelace,1\n", "utf-8")
    exported = place.run("export", "grades", "--format", "moodle", "--roster", "list.csv", "-o", "out.csv")
    assert "ambiguous" not in exported.stderr
    assert "Ada Lovelace,1,4" in (place.root / "out.csv").read_text("utf-8-sig")


def test_members_of_a_group_keep_their_own_identity(place: Place) -> None:
    files = {name: text for name, text in MOODLE.items() if "Chloé" not in name}
    files["Chloé Dupont_12347_assignsubmission_file_/notes.txt"] = "nothing"
    write_zip(place.root / "moodle.zip", files)
    write_class(place, "groups: [{name: team-1, learners: [Ada Lovelace, Chloé Dupont, Zoe Quinn]}]\n")
    done = place.run("grade", "moodle.zip", "--class", "class.yaml", "--seed", "1")
    assert done.returncode == 0, done.stderr
    rows = table(place)
    assert {name: (row["total"], row["name"], row["number"]) for name, row in rows.items()} == {
        "Ada Lovelace_12345": ("3", "Ada Lovelace", "12345"),
        "Chloé Dupont_12347": ("3", "Chloé Dupont", "12347"),
        "Grace Hopper_12348": ("3", "Grace Hopper", "12348"),
        "Zoe Quinn": ("3", "", ""),
    }
    roster = "".join(f"{row['name'] or name},{n}\n" for n, (name, row) in enumerate(rows.items()))
    (place.root / "list.csv").write_text(f"Full name,ID number\n{roster}", "utf-8")
    exported = place.run("export", "grades", "--format", "moodle", "--roster", "list.csv", "-o", "out.csv")
    assert exported.returncode == 0 and "ambiguous" not in exported.stderr
    assert "Matched 4 learners" in exported.stdout
    report = place.run("report", "grades")
    assert "Chloé Dupont" in report.stdout and report.stdout.count("Ada Lovelace") < 3

    assert place.run("export", "feedback", "grades", "feedback", "--format", "text").returncode == 0
    page = next((place.root / "feedback" / "Chloé Dupont_12347").iterdir()).read_text("utf-8")
    assert "Ada Lovelace handed this in for team-1." in page
    assert HALF.splitlines()[-1] in page and "not available" not in page

    again = place.run("grade", "moodle.zip", "--again", "--json")
    assert (json.loads(again.stdout)["kept"], json.loads(again.stdout)["changes"]) == (2, [])


CANVAS = {
    "lovelaceada_815_90001_exercise_x.py": f"{SOLUTION}# ada\n",
    "dupontchloe_LATE_816_90002_exercise_x.py": f"{SOLUTION}# chloe\n",
    "hoppergrace_817_90003_exercise_x.py": f"{SOLUTION}# grace\n",
}
DUE = "late: {rule: zero}\nwork: {exercise-x: {due: 2026-11-27}}\n"


def test_the_time_of_a_download_costs_nobody_points(place: Place) -> None:
    write_zip(place.root / "canvas.zip", CANVAS)
    write_class(place, DUE)
    done = place.run("grade", "canvas.zip", "--class", "class.yaml", "--json")
    assert done.returncode == 0, done.stderr
    assert {row["exercise-x"] for row in table(place).values()} == {"4"}
    same, marked = json.loads(done.stdout)["class_notes"]
    assert "Most submissions have the same time" in same
    assert same.endswith(": hoppergrace_817, lovelaceada_815")
    assert marked.endswith(": dupontchloe_816")


def test_a_mark_of_the_system_contradicts_a_date(place: Place) -> None:
    names = [*CANVAS]
    write_zip(place.root / "canvas.zip", CANVAS, {names[0]: 20, names[1]: 28, names[2]: 29})
    write_class(place, DUE)
    done = place.run("grade", "canvas.zip", "--class", "class.yaml", "--json")
    scores = {name: row["exercise-x"] for name, row in table(place).items()}
    assert scores == {"lovelaceada_815": "4", "dupontchloe_816": "0", "hoppergrace_817": "4"}
    (note,) = json.loads(done.stdout)["class_notes"]
    assert "does not mark them as late" in note and note.endswith(": hoppergrace_817")
