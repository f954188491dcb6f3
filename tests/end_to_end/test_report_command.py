"""`course report`, as an instructor runs it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from class_samples import ENVIRONMENT, exercise_result, quiz_result, unreadable, write_results
from running import Run

from grader.classroom.results import RunRecord

CODE = "".join(f"def f{n}(a):\n    return a + {n} * g(a, {n})\n" for n in range(30))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    results = [exercise_result("ann", [1, 1]), exercise_result("b*b_", [1, 0], misconceptions=["off-by-one"])]
    results += [quiz_result("ann", {"tiny-q1": "a"}), unreadable("cid"), exercise_result("dan", [0, 0])]
    for name in ("ann", "b*b_"):
        (tmp_path / "handed-in" / name).mkdir(parents=True)
        (tmp_path / "handed-in" / name / "exercise_sum.py").write_text(CODE)
    return write_results(tmp_path / "out", results)


def test_the_tables_show_what_the_class_has_understood(run: Run, tiny: Path, out: Path) -> None:
    done = run("--course", tiny, "report", out)
    assert done.returncode == 0, done.stderr
    text = done.stdout
    assert text.startswith("4 learners, 15% of the points on average\n")
    assert " 40%  ann: tiny 0 of 3 (wrong idea: off by one)\n" in text
    assert "- cid: exercise-sum cannot be read: it is empty; nothing to grade for tiny" in text
    assert "b*b_: nothing to grade for tiny" in text
    assert "`add`     1 of 3  Too few learners to say." in text
    assert "- 2 of 3 (67%): Counting starts at two. (1 in quizzes, 1 in code)" in text
    assert "Only identical code was searched for" in text
    narrow = run("--course", tiny, "report", out, env={"COLUMNS": "40"}).stdout
    assert max(map(len, narrow.splitlines())) <= 40


def test_notes_on_files_are_shown(run: Run, tiny: Path, tmp_path: Path) -> None:
    note = "a.ipynb counts, with 1 of 2 points. ann/a_<b>.py would get 2."
    results = [msgspec.structs.replace(exercise_result("ann", [1, 0]), notes=(note,))]
    out = write_results(tmp_path / "out", results)
    text = run("--course", tiny, "report", out, env={"COLUMNS": "200"}).stdout
    assert f"Notes on files\n- ann, exercise-sum: {note}\n" in text
    run("--course", tiny, "report", out, "--html", "page.html")
    assert "ann/a_&lt;b&gt;.py would get 2." in (tmp_path / "page.html").read_text()
    table = run("--course", tiny, "report", out, "--csv", "-").stdout
    assert f'exercise-sum,note on files,ann,"{note}",1' in table
    shown = json.loads(run("--course", tiny, "report", out, "--json", "--anonymous").stdout)["file_notes"]
    (told,) = shown
    assert told["note"] == note.replace("ann", told["learner"]) and told["learner"].startswith("learner-")


def test_full_scores_are_in_the_last_bar(run: Run, tiny: Path, out: Path, tmp_path: Path) -> None:
    text = run("--course", tiny, "report", out, "--html", "page.html").stderr
    assert "Wrote page.html" in text
    lines = run("--course", tiny, "report", out).stdout.splitlines()
    assert "  90–100%     1  ##########" in lines  # ann; two learners have no points
    assert "   80–90%     0" in lines
    assert "    0–10%     2  ####################" in lines
    page = (tmp_path / "page.html").read_text()
    assert "0–10%: 2; 50–60%: 1; 90–100%: 1." in page


def test_json_csv_and_page_show_the_same_results(run: Run, tiny: Path, out: Path, tmp_path: Path) -> None:
    report = json.loads(run("--course", tiny, "report", out / "results.jsonl", "--json").stdout)
    assert [work["id"] for work in report["works"]] == ["exercise-sum", "tiny"]
    (tmp_path / "page.html").write_text("old")
    done = run("--course", tiny, "report", out, "--html", "page.html", "--csv", "table.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Wrote" in done.stderr
    page = (tmp_path / "page.html").read_text()
    assert "Counting starts at two." in page
    rows = list(csv.reader(io.StringIO((tmp_path / "table.csv").read_text())))
    assert rows == list(csv.reader(io.StringIO(run("--course", tiny, "report", out, "--csv", "-").stdout)))
    assert ["exercise-sum", "test", "a", "learners", "3"] in rows
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_similar_code_is_found_in_the_submissions(run: Run, tiny: Path, out: Path, tmp_path: Path) -> None:
    done = run("--course", tiny, "report", out, "--submissions", tmp_path / "handed-in")
    assert "- exercise-sum: ann and b*b_, 100% of the shorter one" in done.stdout
    elsewhere = run("--course", tiny, "report", out, "--submissions", tiny)
    assert elsewhere.returncode == 2
    assert "holds none of the graded code" in elsewhere.stderr


def test_submissions_can_be_a_zip_file_and_every_learner_in_it_counts(
    run: Run, tiny: Path, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "handed-in" / "zoe").mkdir()
    (tmp_path / "handed-in" / "zoe" / "notes.txt").write_text("I was ill.")
    archive = shutil.make_archive(str(tmp_path / "class"), "zip", tmp_path / "handed-in")
    done = run("--course", tiny, "report", out, "--submissions", archive)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("5 learners")
    assert "- zoe: " in done.stdout
    assert "ann and b*b_, 100% of the shorter one" in done.stdout


def test_the_directory_of_a_group_is_no_learner(run: Run, tiny: Path, tmp_path: Path) -> None:
    ann = msgspec.structs.replace(exercise_result("ann", [1, 1]), handed_in_by="team")
    out = write_results(tmp_path / "out", [ann, exercise_result("bob", [1, 1])])
    for name in ("team", "bob", "zoe"):
        (tmp_path / "handed-in" / name).mkdir(parents=True)
        (tmp_path / "handed-in" / name / f"exercise_{'sum' if name != 'zoe' else 'x'}.py").write_text(CODE)
    done = run("--course", tiny, "report", out, "--submissions", "handed-in", "--json")
    found = json.loads(done.stdout)
    assert (found["learners"], found["nothing_from"]) == (3, ["zoe"])


def recorded(out: Path, directory: Path, **fields: Any) -> None:
    """Write the run.json of a class that was graded in this directory."""
    run = RunRecord(
        package="1",
        seed=1,
        started="2026-01-01",
        directory=str(directory),
        course="",
        exercises={},
        quizzes={},
        environment=ENVIRONMENT,
        without_work={"zoe": None},
        **fields,
    )
    (out / "run.json").write_bytes(msgspec.json.encode(run))


def test_the_page_shows_similar_code_of_the_graded_directory(
    run: Run, tiny: Path, out: Path, tmp_path: Path
) -> None:
    recorded(out, tmp_path / "handed-in")
    done = run("--course", tiny, "report", out, "-o", "page.html")
    assert (done.returncode, done.stderr) == (0, "Wrote page.html\n")
    page = (tmp_path / "page.html").read_text()
    assert "exercise-sum: ann and b*b_, 100% of the shorter code" in page
    assert "<mark>    return a + 7 * g(a, 7)</mark>" in page
    assert "<p>5 learners." in page  # with zoe, who handed in nothing
    (tmp_path / "handed-in").rename(tmp_path / "elsewhere")
    assert "Only identical code was searched for" in run("--course", tiny, "report", out).stdout


def test_what_is_missing_is_in_the_page_and_in_the_json(
    run: Run, tiny: Path, out: Path, tmp_path: Path
) -> None:
    recorded(out, tmp_path / "handed-in", handed_in=9, absent=("gus",))
    done = run("--course", tiny, "report", out, "--json", "-o", "page.html")
    assert "this run is not finished (5 of 9 submissions)" in done.stderr
    page, found = (tmp_path / "page.html").read_text(), json.loads(done.stdout)
    assert "<p>This run is not finished (5 of 9 submissions), and" in page
    assert "<p>No gradable files from: zoe.</p>" in page
    assert "<p>Absent, by class.yaml: gus.</p>" in page
    assert found["stopped"].startswith("this run is not finished (5 of 9 submissions)")
    assert (found["nothing_from"], found["absent"]) == (["zoe"], ["gus"])
    text = run("--course", tiny, "report", out).stdout
    assert "No gradable files from: zoe.\nAbsent, by class.yaml: gus.\n" in text
    assert "not finished" not in text  # it is on stderr already
    hidden = run("--course", tiny, "report", out, "--json", "--anonymous").stdout
    assert "zoe" not in hidden and "gus" not in hidden


def test_anonymous_hides_names_and_code(run: Run, tiny: Path, out: Path, tmp_path: Path) -> None:
    recorded(out, tmp_path / "handed-in")
    done = run("--course", tiny, "report", out, "--json", "--anonymous", "-o", "page.html")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.html").read_text()
    for shown in (done.stdout, page):
        assert not any(name in shown for name in ("b*b_", "cid", "return a"))
    assert json.loads(done.stdout)["alike"][0]["one"].startswith("learner-")
    assert "Similar pairs" in page


def test_the_table_is_sorted_by_total_or_name(run: Run, tiny: Path, out: Path) -> None:
    def first(*options: str) -> list[str]:
        text = run("--course", tiny, "report", out, *options).stdout
        return re.findall(r"^ *\d+%  (\S+):", text, re.MULTILINE)

    assert first() == ["cid", "dan", "b*b_", "ann"]
    assert first("--sort", "name") == ["ann", "b*b_", "cid", "dan"]


def test_results_from_another_course_are_reported_once(
    run: Run, tiny: Path, out: Path, tmp_path: Path
) -> None:
    assert "course" not in run("--course", tiny, "report", out).stderr
    (tiny / "quizzes" / "tiny.yaml").unlink()
    done = run("--course", tiny, "report", out, "--json")
    assert done.returncode == 0
    assert done.stderr == (
        f"Note: {tiny} does not have tiny, so only ids are shown — "
        "use --course to name the course that was graded\n"
    )
    other = run("report", out)
    assert other.returncode == 0
    (line,) = other.stderr.splitlines()
    assert "does not have exercise-sum, tiny, so only ids are shown" in line
    assert json.loads(done.stdout)["learners"] == 4


def test_a_file_that_is_not_a_results_file_gets_one_line(run: Run, tiny: Path, out: Path) -> None:
    done = run("--course", tiny, "report", tiny / "quizzes" / "tiny.yaml")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "is not a results file — name the directory" in line


def test_a_run_that_was_stopped_at_once_says_how_to_go_on(run: Run, tiny: Path, out: Path) -> None:
    (out / "results.jsonl").write_bytes(b"")
    assert "grade something first: course grade DIR" in run("--course", tiny, "report", out).stderr
    recorded(out, out.parent / "handed in")
    done = run("--course", tiny, "report", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert "continue with `course grade 'handed in' --output out --resume`" in done.stderr


def test_a_torn_file_still_gets_a_report(run: Run, tiny: Path, out: Path) -> None:
    file = out / "results.jsonl"
    file.write_bytes(file.read_bytes()[:-50])
    done = run("--course", tiny, "report", out)
    assert done.returncode == 0
    assert "incomplete" in done.stderr


@pytest.mark.parametrize("name", ["results.jsonl", "run.json", "grades.csv", "feedback.yaml"])
@pytest.mark.parametrize("option", ["--html", "--csv"])
def test_no_file_of_the_run_is_replaced(
    run: Run, tiny: Path, out: Path, tmp_path: Path, name: str, option: str
) -> None:
    recorded(out, tmp_path / "handed-in")
    for each in ("grades.csv", "feedback.yaml"):
        (out / each).write_text("sentences: []\n")
    before = (out / name).read_bytes()
    done = run("--course", tiny, "report", out, option, out / name)
    assert done.returncode == 2
    assert "would be overwritten — name another file" in done.stderr
    assert (out / name).read_bytes() == before


def test_two_outputs_are_two_files_and_none_is_in_the_course(run: Run, tiny: Path, out: Path) -> None:
    done = run("--course", tiny, "report", out, "-o", "class.html", "--csv", "./class.html")
    assert (done.returncode, "would be overwritten" in done.stderr) == (2, True)
    done = run("--course", tiny, "report", out, "-o", tiny / "quizzes" / "tiny.yaml")
    assert (done.returncode, "is inside the course" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere"], 2, "there is no nowhere"),
        (["out", "--json", "--csv", "-"], 2, "both print"),
        (["out", "--submissions", "nowhere"], 2, "does not exist"),
        (["out", "--html", "nowhere/page.html"], 3, "cannot be written"),
    ],
)
def test_wrong_use_is_explained(
    run: Run, tiny: Path, out: Path, arguments: list[str], code: int, message: str
) -> None:
    done = run("--course", tiny, "report", *arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "see `course" in done.stderr or " — " in done.stderr or "Usage" in done.stderr
