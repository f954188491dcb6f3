"""The results directory: written results survive, however the program ends."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.names import shown
from grader.classroom.owner import Owner
from grader.classroom.read_results import OnDamage, Reading, read_results, read_run
from grader.classroom.results import RESULTS, RUN, Result, RunRecord, Status
from grader.classroom.store import GRADES, LOCK, Store, table
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.confinement import Confinement
from grader.judge.report import environment


def result(learner: str, item: str = "x", score: float = 1.0, status: Status = Status.GRADED) -> Result:
    return Result(learner=learner, item=item, file="f", source="s", status=status, score=score, max_score=2.0)


def usable(directory: Path) -> Reading:
    """Return what a run that goes on can use."""
    return read_results(directory, OnDamage.SKIP)


RUN_RECORD = RunRecord(
    package="0",
    seed=1,
    started="now",
    directory="/in",
    course="/c",
    exercises={"x": "v"},
    quizzes={},
    environment=environment(Confinement.NONE),
)


def test_appended_results_can_be_read_at_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Store(out) as store:
        assert store.is_new
        store.write_run(RUN_RECORD)
        store.begin([result("kept")])
        store.append(result("李雷"))
        lines = (out / RESULTS).read_bytes().splitlines()
        assert [msgspec.json.decode(line, type=Result).learner for line in lines] == ["kept", "李雷"]
    with Store(out) as store:
        assert not store.is_new
    assert read_run(out) == RUN_RECORD
    assert usable(out) == Reading((result("kept"), result("李雷")), 0)


def test_torn_and_foreign_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    whole = msgspec.json.encode(result("a")) + b"\n"
    last = msgspec.json.encode(result("b"))
    (tmp_path / RESULTS).write_bytes(whole + b'{"learner": 3}\n\xff\xfe\n' + b"[" * 100_000 + b"\n" + last)
    reading = usable(tmp_path)
    assert [each.learner for each in reading.results] == ["a"]
    assert reading.torn == 4  # the last one is whole, but nobody can know that


@given(st.integers(0, 10_000))
def test_a_file_cut_anywhere_keeps_its_whole_lines(cut: int) -> None:
    results = [result(name, score=float(n)) for n, name in enumerate(["a", "Zoë", "c"])]
    lines = [msgspec.json.encode(each) + b"\n" for each in results]
    raw = b"".join(lines)
    raw = raw[: cut % (len(raw) + 1)]
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / RESULTS).write_bytes(raw)
        reading = usable(Path(directory))
    count = raw.count(b"\n")
    assert reading.results == tuple(results[:count])
    assert reading.torn == (not raw.endswith(b"\n") and raw != b"")


def test_the_last_line_per_submission_counts(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.begin([])
        store.append(result("a", score=0.0))
        store.append(result("a", score=2.0))
    assert usable(tmp_path) == Reading((result("a", score=2.0),), 0)


def test_two_at_once(tmp_path: Path) -> None:
    with Store(tmp_path), pytest.raises(CourseError, match="another `course grade` is running"):
        Store(tmp_path)
    Store(tmp_path).__exit__()


def test_half_written_files_of_a_killed_run_are_deleted(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.begin([])
        (tmp_path / f".{RESULTS}.k1ll3d").write_bytes(
            b"half a li"
        )  # being written by the run that holds the lock
        with pytest.raises(CourseError, match="another `course grade` is running"):
            Store(tmp_path)
        assert (tmp_path / f".{RESULTS}.k1ll3d").exists()
    (tmp_path / f".{RUN}.k1ll3d").write_bytes(b"{")
    (tmp_path / ".mine").write_bytes(b"")
    with Store(tmp_path):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", ".mine", RESULTS]


def test_a_run_record_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / RUN).write_text('{"seed": 1}')
    with pytest.raises(CourseError, match="not written by this version"):
        read_run(tmp_path)
    assert read_run(tmp_path, OnDamage.SKIP) is None


def test_the_final_files_do_not_depend_on_the_order(tmp_path: Path) -> None:
    results = [result("b"), result("a", "y"), result("a", "x")]
    contents = []
    for number, order in enumerate((results, results[::-1])):
        with Store(tmp_path / str(number)) as store:
            store.begin([])
            for each in order:
                store.append(each)
            store.finish(order, ["a", "b"])
        contents.append([(tmp_path / str(number) / name).read_bytes() for name in (RESULTS, GRADES)])
        assert sorted(path.name for path in (tmp_path / str(number)).iterdir()) == [".lock", GRADES, RESULTS]
    assert contents[0] == contents[1]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")
def test_a_full_disk_keeps_earlier_results(tmp_path: Path) -> None:
    """A file size limit simulates a full disk. It is set in a separate process."""
    code = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_store import result
from grader.classroom.store import Store
from grader.errors import EnvironmentProblem
with Store(Path(sys.argv[1])) as store:
    store.begin([])
    store.append(result("a"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
    try:
        for n in range(100):
            store.append(result(f"b{n}"))
    except EnvironmentProblem as problem:
        print(problem)
    try:
        store.finish([result(f"b{n}") for n in range(100)], ["a"])
    except EnvironmentProblem as problem:
        print(problem)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path, Path(__file__).parent], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "File too large — earlier results are kept" in done.stdout
    assert "File too large — free some space" in done.stdout
    assert [each.learner for each in usable(tmp_path).results] == ["a", "b0", "b1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", RESULTS]


@pytest.mark.skipif(sys.platform == "win32", reason="a path of Unix")
def test_a_directory_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        Store(Path("/proc/grades"))


@pytest.mark.skipif(sys.platform == "win32", reason="a path of Unix")
def test_the_advice_depends_on_earlier_results(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="name another directory with --output"):
        Store(Path("/proc/grades"))
    (tmp_path / RUN).write_bytes(b"{}")
    (tmp_path / LOCK).mkdir()
    with pytest.raises(EnvironmentProblem, match="continue with --resume"):
        Store(tmp_path)


@pytest.mark.parametrize("name", ["kit.json", GRADES, "exercises/x.py", ".git/HEAD"])
def test_a_foreign_directory_is_refused_and_left_unchanged(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("x")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CourseError, match="name a new or empty directory with --output"):
        Store(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_leftovers_of_a_killed_run_do_not_prevent_a_new_one(tmp_path: Path) -> None:
    for name in (LOCK, f".{RUN}.k2j3", ".DS_Store"):
        (tmp_path / name).write_text("")
    with Store(tmp_path) as store:
        assert store.is_new


def test_a_run_without_results_leaves_no_files(tmp_path: Path) -> None:
    with Store(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b" / LOCK).exists()
    assert not [*tmp_path.iterdir()]
    with Store(tmp_path):
        pass
    assert not [*tmp_path.iterdir()]
    with Store(tmp_path / "a" / "b") as store:
        store.write_run(RUN_RECORD)
    assert (tmp_path / "a" / "b" / RUN).exists()


# --- the table of grades ---


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_the_table_has_one_row_per_learner() -> None:
    results = [
        result("a", "x", 1.5),
        result("a", "y"),
        result("b", "x", 0.0, Status.UNREADABLE),
        result("c", "x", 0.0, Status.FAILED),
        result("c", "y", 2.0),
    ]
    assert rows(table(results, ["a", "b", "c", "d"])) == [
        ["learner", "x", "y", "total", "of"],
        ["a", "1.5", "1", "2.5", "4"],
        ["b", "0", "", "0", "4"],
        ["c", "", "2", "", "4"],  # not a grade to transfer
        ["d", "", "", "0", "4"],
    ]


def test_learners_without_graded_work_keep_their_name_and_number() -> None:
    eva = "Eva Schmidt_48231"  # who wrote online text only
    owner = Owner(lms="moodle", number="48231", name="Eva Schmidt")
    header, _, row = rows(table([result("ada")], ["ada", eva], without_work={eva: owner}))
    assert dict(zip(header, row, strict=True)) == {
        "learner": eva, "x": "", "total": "0", "of": "2", "name": "Eva Schmidt", "number": "48231"
    }  # fmt: skip


@given(
    st.text()
    | st.sampled_from(
        ["=1+1", "+1", "-x", "@SUM(A1)", "\t=1", "a;=1", "a;\t+1", "a,b", 'a"b', "a\nb", "李雷"]
    )
)
def test_names_become_neither_formulas_nor_extra_columns(name: str) -> None:
    learner = shown(name)
    header, row = rows(table([result(learner)], [learner]))
    assert len(row) == len(header)
    assert row[0].replace("'", "") == learner.replace("'", "")
    assert row[0] == "-" or not row[0].startswith(("=", "+", "-", "@", "\t"))
    assert not any(part.lstrip().startswith(("=", "+", "@")) for part in row[0].split(";"))


def test_totals_have_no_residue_of_binary_fractions() -> None:
    several = [result("ada", item, score) for item, score in (("x", 0.1), ("y", 0.2), ("z", 0.7 * 3))]
    (row,) = csv.DictReader(io.StringIO(table(several, ["ada"])))
    assert (row["total"], row["of"]) == ("2.4", "6")
