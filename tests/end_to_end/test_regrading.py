"""A class with due dates, groups and decisions, graded, and graded again in the open."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from grading_place import Place
from sound_course import EXERCISE_YAML, HIDDEN, HIDDEN_TESTS, SOLUTION

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")

WRONG_FIRST = SOLUTION.replace("(x)[0]", "(x)[-1]")  # 3 of 4 points
ON_TIME = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)  # 21:00 in Berlin
CLASS = """\
timezone: Europe/Berlin
late: {rule: per_day, percent: 10, at_most: 50}
grace: 30m
work:
  exercise-x: {due: 2026-11-27 22:00}
groups:
  - {name: g1, learners: [l50, l51]}
  - {name: g2, learners: [l52, l53, l54]}
extensions:
  - {learner: l30, work: exercise-x, until: 2026-11-30 22:00, who: Ng, when: 2026-11-20, why: illness}
  - {learner: l31, work: exercise-x, until: 2026-11-28 22:00, who: Ng, when: 2026-11-20, why: illness}
excused:
  - {learner: l40, work: exercise-x, who: Ng, when: 2026-11-20, why: leave}
  - {learner: l41, work: exercise-x, who: Ng, when: 2026-11-20, why: leave}
overrides:
  - {learner: l42, work: exercise-x, score: 2.5, who: Ng, when: 2026-11-29, why: oral exam}
  - {learner: l43, work: exercise-x, score: 4, who: Ng, when: 2026-11-29, why: the judge was wrong}
"""


def hand_in(place: Place, learner: str, source: str, hours_after: float = 0) -> None:
    path = place.hand_in(learner, f"{source}# {learner}\n")
    stamp = ON_TIME.timestamp() + hours_after * 3600
    os.utime(path, (stamp, stamp))


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, dict[str, float | None]]]:
    """A class of 60, and the final score of each, by hand."""
    place = Place(tmp_path_factory.mktemp("sixty"))
    final: dict[str, float | None] = {}
    for number in range(30):  # on time; the last ten do not know what is first
        hand_in(place, f"l{number:02}", SOLUTION if number < 20 else WRONG_FIRST)
        final[f"l{number:02}"] = 4 if number < 20 else 3
    hours = {30: 49, 31: 49, 32: 1.25, 33: 1.75, 34: 26, 35: 200}
    # due one hour after ON_TIME; 31 is a day late in spite of the extension, 32 within the grace period
    for number, after in hours.items():
        hand_in(place, f"l{number}", SOLUTION, after)
    final |= {"l30": 4, "l31": 3.6, "l32": 4, "l33": 3.6, "l34": 3.2, "l35": 2}
    for number in range(36, 40):  # a day late and wrong: 3 - 10 % of 4
        hand_in(place, f"l{number}", WRONG_FIRST, 10)
        final[f"l{number}"] = 2.6
    hand_in(place, "l40", WRONG_FIRST)
    final |= {"l40": None, "l41": None}  # excused; 41 has handed in nothing
    hand_in(place, "l43", WRONG_FIRST, 500)
    final |= {"l42": 2.5, "l43": 4}  # 42 has handed in nothing
    for number in range(44, 50):
        hand_in(place, f"l{number}", SOLUTION)
        final[f"l{number}"] = 4
    hand_in(place, "l50", WRONG_FIRST)  # the group's last work counts, and is late
    hand_in(place, "l51", SOLUTION, 2)
    final |= {"l50": 3.6, "l51": 3.6}
    hand_in(place, "g2", WRONG_FIRST)
    final |= {"l52": 3, "l53": 3, "l54": 3}
    for number in range(55, 60):
        hand_in(place, f"l{number}", "x = 1\n")
        final[f"l{number}"] = 0
    (place.root / "class.yaml").write_text(CLASS)
    done = place.grade("--seed", "7", "--class", "class.yaml")
    assert done.returncode == 0, done.stderr
    assert "10 late penalties depend on the date of a file" in " ".join(done.stdout.split())
    yield place, final


def table(place: Place) -> dict[str, dict[str, str]]:
    with (place.root / "grades" / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def as_score(cell: str) -> float | None:
    return float(cell) if cell else None


Graded = tuple[Place, dict[str, float | None]]


def test_final_scores_are_those_computed_by_hand(graded: Graded) -> None:
    place, final = graded
    assert len(final) == 60
    rows = table(place)
    assert {learner: as_score(row["exercise-x"]) for learner, row in rows.items()} == final
    assert (rows["l34"]["exercise-x raw"], rows["l34"]["of"]) == ("4", "4")
    assert (rows["l41"]["exercise-x raw"], rows["l40"]["of"]) == ("", "0")
    by = {each["learner"]: each for each in place.results()}
    assert {(by[f"l{n}"]["raw_score"], by[f"l{n}"]["score"]) for n in range(36, 40)} == {(3.0, 2.6)}
    assert by["l43"]["adjustments"][-1]["says"] == "4 points: the judge was wrong (Ng, 2026-11-29)."
    assert by["l52"]["handed_in_by"] == "g2"


def test_exports_have_the_final_scores(graded: Graded) -> None:
    place, final = graded
    for system, column, first in (("canvas", "SIS Login ID", 2), ("moodle", "Username", 1)):
        done = place.run("export", "grades", "grades", "--format", system, "-o", "-")
        assert done.returncode == 0, done.stderr
        header, *rows = csv.reader(done.stdout.splitlines())
        who, what = header.index(column), header.index("exercise-x")
        assert {row[who]: as_score(row[what]) for row in rows[first - 1 :]} == final


def test_a_changed_class_file_judges_nothing(graded: Graded) -> None:
    place, _ = graded
    place.forget()
    (place.root / "class.yaml").write_text(CLASS.replace("percent: 10", "percent: 5"))
    try:
        done = json.loads(place.grade("--again", "--json").stdout)
    finally:
        (place.root / "class.yaml").write_text(CLASS)
    assert done["judged"] == 1  # the work that the group's last one replaced is not among the results
    assert {each["test"] for each in done["changes"]} == {"final score"}
    assert {each["why"] for each in done["changes"]} == {"class file changed"}
    changed = {each["learner"]: (each["before"], each["after"]) for each in done["changes"]}
    late = {"l31", "l33", "l34", "l35", "l36", "l37", "l38", "l39", "l50", "l51"}
    assert changed.keys() == late
    assert (changed["l34"], changed["l36"], changed["l51"]) == ((3.2, 3.6), (2.6, 2.8), (3.6, 3.8))
    assert place.grade("--again").returncode == 0  # as it was


def test_a_fixed_test_changes_three_and_the_table_names_them(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.course.replace(HIDDEN_TESTS, "assert learner.first(x) == x[0]", "assert learner.first(x) <= 99")
    for number in range(12):
        place.hand_in(f"l{number:02}", f"{WRONG_FIRST if number in (3, 5, 8) else SOLUTION}# {number}\n")
    place.hand_in("l00", "tiny-q1: b\n", "tiny_answers.yaml")
    assert place.grade("--seed", "7").returncode == 0
    before = [
        (tmp_path / "grades" / name).read_bytes() for name in ("results.jsonl", "grades.csv", "run.json")
    ]
    place.course.replace(HIDDEN_TESTS, "assert learner.first(x) <= 99", "assert learner.first(x) == x[0]")
    done = place.grade("--again")
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if "test changed: hidden" in line]
    assert [row.split()[0] for row in rows] == sorted(["l03", "l05", "l08"] * 2), done.stdout
    assert "test changed: hidden_tests.py" in rows[0]
    assert "Changed for 3 learners." in done.stdout
    kept = tmp_path / "grades" / "runs" / "001"
    assert [(kept / name).read_bytes() for name in ("results.jsonl", "grades.csv", "run.json")] == before

    told = json.loads(place.run("report", "grades", "--changes", "--json").stdout)
    (step,) = told
    assert {each["learner"] for each in step["changes"]} == {"l03", "l05", "l08"}
    assert {(e["test"], e["before"], e["after"]) for e in step["changes"]} == {
        ("test_first", 1.0, 0.0),
        ("final score", 4.0, 3.0),
    }
    shown = place.run("report", "grades", "--changes").stdout
    assert "From run 1 to run 2:" in shown and "Changed for 3 learners." in shown

    again = json.loads(place.grade("--again", "--json").stdout)
    assert (again["judged"], again["kept"], again["changes"]) == (0, 12, [])
    assert again["seed"] == 7
    place.course.replace(EXERCISE_YAML, "The first number.", "The very first number.")
    assert json.loads(place.grade("--again", "--json").stdout)["changes"] == []
    assert [p.name for p in sorted((tmp_path / "grades" / "runs").iterdir())] == ["001", "002", "003"]


def _break_tests(place: Place) -> None:
    place.course.replace(HIDDEN_TESTS, "import pytest\n", "import pytest\nimport no_such_module\n")


def _ask_too_much(place: Place) -> None:
    place.course.replace(HIDDEN_TESTS, "assert learner.first(x) == x[0]", "assert learner.first(x) == x[1]")


@pytest.mark.parametrize(
    ("line", "change", "says"),
    [
        ("overrides: [{learner: ada, work: exercise-x, score: 40, %s}]", None, "exercise-x is worth 4"),
        pytest.param(
            "overrides: [{learner: zoe, work: tiny, score: 40, %s}]",
            None,
            "tiny is worth 1",
            marks=pytest.mark.exhaustive,
        ),
        ("marks: [{learner: zoe, work: tiny, question: q9, points: 1, %s}]", None, "has no such essay"),
        pytest.param(
            "marks: [{learner: zoe, work: exercise-x, question: q9, points: 1, %s}]",
            None,
            "`overrides` give",
            marks=pytest.mark.exhaustive,
        ),
        ("", _break_tests, "no_such_module"),
        ("", _ask_too_much, "exercise-x: its own solution does not pass test_first (failed)"),
    ],
)
def test_an_error_leaves_the_earlier_results_whole(
    tmp_path: Path, line: str, change: Callable[[Place], None] | None, says: str
) -> None:
    place = Place(tmp_path)
    place.hand_in("ada", SOLUTION)
    place.hand_in("ada", "tiny-q1: b\n", "tiny_answers.yaml")
    (tmp_path / "class.yaml").write_text("timezone: UTC\n")
    assert place.grade("--class", "class.yaml", "--seed", "7").returncode == 0
    files = {path: path.read_bytes() for path in (tmp_path / "grades").rglob("*") if path.is_file()}

    signed = "who: Ng, when: 2026-11-29" + ", why: oral exam" * line.startswith("overrides")
    (tmp_path / "class.yaml").write_text(f"timezone: UTC\n{line and line % signed}\n")
    if change is not None:
        change(place)
    done = place.grade("--again")
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert {path: path.read_bytes() for path in files} == files
    assert {path for path in (tmp_path / "grades").rglob("*") if path.is_file()} == files.keys()
    assert place.grade("--output", "new", "--class", "class.yaml").returncode == 2
    assert not (tmp_path / "new").exists()

    (tmp_path / "class.yaml").write_text("timezone: UTC\n")
    place.course.write(HIDDEN_TESTS, HIDDEN)
    assert place.grade("--again").returncode == 0


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--again"], "holds no run to grade again"),
        (["--again", "--resume"], "use one of them"),
        (["--class", "none.yaml"], "none.yaml does not exist"),
        (["--class", "bad.yaml"], "bad.yaml:1: `timezone` is missing"),
    ],
)
def test_wrong_usage(tmp_path: Path, args: list[str], says: str) -> None:
    place = Place(tmp_path)
    place.hand_in("ada", SOLUTION)
    (tmp_path / "bad.yaml").write_text("grace: 1h\n")
    done = place.grade(*args)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "grades" / "results.jsonl").exists()
