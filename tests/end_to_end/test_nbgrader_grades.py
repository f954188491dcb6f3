"""`course nbgrader grades`: the scores in a gradebook of SQLite, and everything that is no gradebook."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from running import Run

if importlib.util.find_spec("nbgrader") is None:
    pytest.skip("nbgrader is not installed: pip install 'course-grader[instructor]'", allow_module_level=True)

from gradebooks import exported, write_class

from grader.cli.nbgrader import grades
from grader.errors import CourseError, EnvironmentProblem
from grader.notebook.grades import Assignment, assignments
from grader.notebook.read_gradebook import database_of, handed_in, read_gradebook


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An nbgrader directory with a graded class."""
    place = tmp_path_factory.mktemp("class") / "rnn 101"
    place.mkdir()
    write_class(f"sqlite:///{place / 'gradebook.db'}")
    return place


def found(url: str) -> dict[str, Assignment]:
    gradebook = read_gradebook(url)
    return {each.name: each for each in assignments(gradebook.records, gradebook.learners)}


def here(*args: str | Path) -> Result:
    """Run the command in this process, which has imported nbgrader: that takes seconds."""
    return CliRunner().invoke(grades, [*map(str, args)])


def refusal(url: str) -> CourseError:
    with pytest.raises(CourseError) as caught:
        read_gradebook(url)
    assert "\n" not in str(caught.value) and " — " in str(caught.value)
    return caught.value


def test_totals_are_those_of_nbgrader_s_own_export(directory: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{directory / 'gradebook.db'}"
    theirs = exported(url, tmp_path / "grades.csv")
    ours = {
        (name, result.learner.id): [
            result.raw_score or 0.0,
            result.late_penalty,
            result.score or 0.0,
            result.max_score,
        ]
        for name, assignment in found(url).items()
        for result in assignment.results
    }
    assert ours.keys() == theirs.keys()
    for key, numbers in ours.items():
        assert numbers == pytest.approx(theirs[key], rel=1e-15, abs=0)  # the order of a sum is the database's
    assert ours["week1", "ada"][0] > 2.25 and ours["week1", "late"][2] == 0.0
    assert {name for name, _ in ours} == {"week1", "week10"}


def test_the_table_says_who_is_not_graded(run: Run, directory: Path) -> None:
    before = (directory / "gradebook.db").read_bytes()
    done = run("nbgrader", "grades", "week1", "--course-dir", directory, env={"COLUMNS": "150"})
    assert (done.returncode, done.stderr) == (0, "")
    lines = {line.split(" ")[0]: line for line in done.stdout.splitlines()}
    assert lines["bob"].endswith("not submitted")
    assert lines["eve"].endswith("6 not graded")
    assert "0/14" in lines["zoe"] and lines["zoe"].endswith("2 to grade by hand")
    assert "-10" in lines["late"]
    assert "- exercise-x: eve" in done.stdout and "week10" not in done.stdout
    assert (directory / "gradebook.db").read_bytes() == before
    assert [path.name for path in directory.iterdir()] == ["gradebook.db"]


def test_a_notebook_that_cannot_be_read_has_a_reason(directory: Path, tmp_path: Path) -> None:
    shutil.copy(directory / "gradebook.db", tmp_path)
    for learner, text in {"zoe": '{"cells": [', "eve": "PK", "ada": '{"cells": ['}.items():
        file = tmp_path / "submitted" / learner / "week1/exercise-x.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    shown = " ".join(here("week1", "--course-dir", tmp_path).output.split())
    assert "Unreadable" in shown and "- exercise-x: zoe (it is not JSON" in shown
    assert "- exercise-x: eve (it is not" in shown
    assert "exercise-x: ada" not in shown  # who has points needs no reason
    assert "A notebook that cannot be read earns no points." in shown
    lines = csv.DictReader(io.StringIO(here("--course-dir", tmp_path, "--csv", "-").output))
    assert {line["learner"] for line in lines if line["problem"]} == {"zoe", "eve"}


def _number(text: str) -> float | None:
    return float(text) if text else None


def test_json_and_csv_hold_the_same_exact_scores(run: Run, directory: Path) -> None:
    (directory / "grades.csv").write_text("old")
    as_json = run("nbgrader", "grades", "--course-dir", directory, "--json")
    as_csv = run("nbgrader", "grades", "--course-dir", directory, "--csv", directory / "grades.csv")
    assert (as_json.returncode, as_csv.returncode, as_csv.stdout) == (0, 0, "")
    text = (directory / "grades.csv").read_bytes().decode()
    (directory / "grades.csv").unlink()
    lines = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    from_csv = [(line["learner"], line["item"], _number(line["score"]), line["status"]) for line in lines]
    from_json: list[tuple[str, str, float | None, str]] = []
    for assignment in json.loads(as_json.stdout)["assignments"]:
        for result in assignment["results"]:
            for each in ({**result, "item": assignment["name"]}, *result["scores"]):
                from_json.append((result["learner"]["id"], each["item"], each["score"], each["status"]))
    assert from_csv == from_json
    assert ("ada", "scaled", 1.1, "graded") in from_csv
    names = {line["learner"]: (line["first_name"], line["last_name"]) for line in lines}
    assert names["ada"] == ("Ada", 'Lovelace, the "first"')
    assert names["eve"] == ("'=cmd()", "Ève 🦊") and names["zoe"][1] == "'@home"


def test_the_class_by_function(directory: Path) -> None:
    done = here("week1", "--course-dir", directory, "--by", "function")
    assert "exercise-x: first   0.4/2.5" in done.output  # of 1.1, 0.1 and an honest 0


def test_an_output_file_is_replaced_as_a_whole_or_not_at_all(directory: Path, tmp_path: Path) -> None:
    done = here("--course-dir", directory, "--csv", directory / "gradebook.db")
    assert isinstance(done.exception, CourseError) and "is a database" in str(done.exception)
    done = here("--course-dir", directory, "--csv", tmp_path / "gone" / "x.csv")
    assert isinstance(done.exception, EnvironmentProblem)
    assert "cannot be written: No such file" in str(done.exception)
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to(target)
    assert here("--course-dir", directory, "--csv", link).exit_code == 0
    assert link.is_symlink() and target.read_text().startswith("assignment,learner")
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.csv", "real.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_device_is_written_to_and_a_full_disk_told(directory: Path) -> None:
    done = here("--course-dir", directory, "--csv", "/dev/full")
    assert "No space left" in str(done.exception)
    assert Path("/dev/full").is_char_device()


def test_an_unknown_assignment_gets_the_nearest(directory: Path) -> None:
    assert "did you mean week1?" in str(here("wek1", "--course-dir", directory).exception)


def test_options_that_exclude_each_other_are_told(directory: Path) -> None:
    for options in (
        ["--json", "--csv", "-"],
        ["--json", "--by", "function"],
        ["--db", "x", "--course-dir", "."],
    ):
        done = here(*options)
        assert (done.exit_code, "— use" in done.output) == (2, True)


def test_where_there_is_no_gradebook_none_is_made(run: Run, tmp_path: Path) -> None:
    done = run("nbgrader", "grades")
    assert done.returncode == 2
    assert "there is no gradebook at" in done.stderr and "run nbgrader autograde first" in done.stderr
    assert not (tmp_path / "gradebook.db").exists()
    with pytest.raises(CourseError, match="there is no directory"):
        database_of(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not an nbgrader gradebook"),
        (b"print('no database')\n" * 99, "is not a gradebook"),
        (None, "there is no gradebook"),
    ],
)
def test_what_is_no_gradebook_is_told_and_left(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "a b#c%20.db"
    file.mkdir() if content is None else file.write_bytes(content)
    assert said in str(refusal(_url(file)))
    assert content is None or file.read_bytes() == content


def test_another_database_and_an_old_gradebook_are_told_apart(directory: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE music (title)")
    assert "is not an nbgrader gradebook" in str(refusal(_url(tmp_path / "other.db")))
    old = tmp_path / "old.db"
    old.write_bytes((directory / "gradebook.db").read_bytes())
    with sqlite3.connect(old) as changed:
        changed.execute("ALTER TABLE grade DROP COLUMN extra_credit")
    assert "nbgrader db upgrade" in str(refusal(_url(old)))


def test_a_gradebook_that_is_written_to_is_told(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.notebook.read_gradebook.BUSY_SECONDS", 0.0)
    busy = tmp_path / "busy.db"
    busy.write_bytes((directory / "gradebook.db").read_bytes())
    writer = sqlite3.connect(busy, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    assert "is being written to" in str(refusal(_url(busy)))
    writer.close()


@pytest.mark.parametrize(
    "url", ["gradebook.db", "", "mysql://me:secret@host/db", "postgresql://me:secret@host:port/db"]
)
def test_what_is_no_url_is_not_repeated(url: str) -> None:
    error = refusal(url)
    assert error.exit_code == 2
    assert "postgresql://user:password@host/database" in str(error) and "secret" not in str(error)


def test_no_assignments_and_no_learners(directory: Path, tmp_path: Path) -> None:
    (tmp_path / "gradebook.db").write_bytes((directory / "gradebook.db").read_bytes())
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        for table in ("student", "assignment", "submitted_assignment"):
            book.execute(f"DELETE FROM {table}")
    done = here("--course-dir", tmp_path)
    assert (done.exit_code, "holds no assignments yet" in done.output) == (0, True)


# --- which gradebook ---


def test_the_config_says_where_the_gradebook_is(tmp_path: Path) -> None:
    """A gradebook.db of earlier must not be shown for the one that is in use."""
    (tmp_path / "gradebook.db").touch()
    config = tmp_path / "nbgrader_config.py"
    place = tmp_path.resolve()
    cases: list[tuple[str, Any]] = [
        ("", f"sqlite:///{place}/gradebook.db"),
        ("c.CourseDirectory.db_url = 'postgresql://me@host/db'", "postgresql://me@host/db"),
        ("c.CourseDirectory.db_url = 'sqlite:///mine.db'", f"sqlite:///{place}/mine.db"),
        ("c.CourseDirectory.db_url = 'sqlite:////else/mine.db'", "sqlite:////else/mine.db"),
        ("c.CourseDirectory.root = '/else'", "sqlite:////else/gradebook.db"),
        ("c.CourseDirectory.db_url = 7", f"sqlite:///{place}/gradebook.db"),
    ]
    for line, url in cases:
        config.write_text(f"c = get_config()\n{line}\n")
        assert database_of(tmp_path) == url
    config.write_text("c = get_config()\n1 / 0\n")
    with pytest.raises(CourseError, match="cannot be run: ZeroDivisionError: division by zero — fix it"):
        database_of(tmp_path)


def test_what_was_handed_in_is_seen(tmp_path: Path) -> None:
    for path in ("ada/week1/a.ipynb", "ada/week1/notes.txt", "bob/week2/b.ipynb", "README"):
        file = tmp_path / "submitted" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert handed_in(tmp_path) == {
        "week1": {"ada": {"a": "a.ipynb"}},
        "week2": {"bob": {"b": "b.ipynb"}},
    }
    (tmp_path / "submitted/ada/week1/B (1).ipynb").touch()
    found = handed_in(tmp_path, {"week1": {"a": frozenset(), "b": frozenset()}})
    assert found["week1"]["ada"] == {"a": "a.ipynb", "b": "B (1).ipynb", "B (1)": "B (1).ipynb"}
    assert handed_in(tmp_path / "nowhere") == {}


def _url(path: Path) -> str:
    from sqlalchemy.engine import URL

    return URL.create("sqlite", database=str(path)).render_as_string()
