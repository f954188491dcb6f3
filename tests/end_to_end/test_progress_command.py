"""`course progress`, as learners run it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from running import Run


def test_at_the_start_the_next_command_is_suggested(run: Run, home: Path, tiny: Path) -> None:
    done = run("--course", tiny, "progress")
    assert done.returncode == 0
    assert "Nothing yet" in done.stdout
    assert "  course quiz tiny" in done.stdout
    assert not home.exists()  # showing progress creates nothing


def test_progress_shows_scores_concepts_misconceptions_and_the_next_command(run: Run, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="a\nb\nc\na\n")
    output = run("--course", tiny, "progress").stdout
    assert "tiny  2/3   2/3   1" in output
    # by hand: 0.3 -> 0.154 (wrong, of 3) -> 0.397 (right, of 3) -> 0.588 (right, of 2)
    assert "Numbers  perhaps  2 of 3" in output
    assert "“Counting starts at two.” (once; corrected since)" in output
    assert "It starts at one." in output
    assert "course start exercise-sum" in output


KEPT = ["confidence", "review", "next"]


def test_progress_as_json_has_the_stable_shape(run: Run, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\n")
    progress = json.loads(run("--course", tiny, "progress", "--json").stdout)
    assert [*progress] == ["attempts", "quizzes", "exercises", "concepts", "misconceptions", *KEPT]
    assert progress["quizzes"][0]["best"] == 1
    assert progress["next"]["commands"] == ["course quiz tiny"]


def test_output_fits_narrow_terminals_and_pipes(run: Run) -> None:
    run("quiz", "day4", input="a\nb\nc\nb\nd\nb\n")
    for width in ("40", "80"):
        lines = run("progress", env={"COLUMNS": width}).stdout.split("\n")
        assert max(map(len, lines)) <= int(width)
        assert not [line for line in lines if "\x1b" in line or line != line.rstrip()]


def test_stale_answers_are_reported(run: Run, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\nc\na\n")
    path = tiny / "quizzes/tiny.yaml"
    path.write_text(path.read_text().replace("How much is one and one?", "One plus one?"))
    output = run("--course", tiny, "progress").stdout
    assert "tiny: 1 older attempt is not counted because the content has changed since." in output
    assert "tiny: 1 open in the last sitting." in output


def test_export_and_import_preserve_everything(run: Run, home: Path, tiny: Path, tmp_path: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="a\nb\nh\nc\n")
    before = json.loads(run("--course", tiny, "progress", "--json").stdout)
    assert run("progress", "--export", "all.jsonl").returncode == 0
    lines = (tmp_path / "all.jsonl").read_text().splitlines()
    assert len(lines) == 3  # the second question has no hints, so `h` recorded nothing
    assert run("progress", "--export", "-").stdout.splitlines() == lines
    other = {"COURSE_HOME": str(tmp_path / "other")}
    first = run("progress", "--import", "all.jsonl", env=other)
    assert "3 attempts added; 0 were already there." in first.stderr
    again = run("progress", "--import", "-", input="\n".join(lines), env=other)
    assert "0 attempts added; 3 were already there." in again.stderr
    assert json.loads(run("--course", tiny, "progress", "--json", env=other).stdout) == before


def test_a_damaged_log_can_be_replaced_from_an_export(run: Run, home: Path, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\n")
    run("progress", "--export", "kept.jsonl")
    path = home / "attempts.sqlite"
    path.write_bytes(path.read_bytes()[:3000])
    done = run("--course", tiny, "progress")
    assert done.returncode == 3
    assert "move the file aside" in done.stderr
    path.rename(home / "damaged")
    assert run("progress", "--import", "kept.jsonl").returncode == 0
    assert "1/3" in run("--course", tiny, "progress").stdout


def test_a_bad_import_changes_nothing(run: Run, home: Path, tiny: Path, tmp_path: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\n")
    (line,) = run("progress", "--export", "-").stdout.splitlines()
    new = line.replace(json.loads(line)["id"], "f" * 32)
    (tmp_path / "bad.jsonl").write_text(f"{new}\nnonsense\n\n{new.replace('answer', 'asnwer')}\n")
    done = run("progress", "--import", "bad.jsonl")
    assert done.returncode == 2
    assert "bad.jsonl:2:" in done.stderr
    assert "bad.jsonl:4:" in done.stderr
    changed = line.replace('"hints":0', '"hints":1')
    done = run("progress", "--import", "-", input=f"{new}\n{changed}\n")
    assert done.returncode == 2
    assert "standard input:2: the log has a different attempt with this id" in done.stderr
    assert run("progress", "--export", "-").stdout.splitlines() == [line]


@pytest.mark.parametrize("file", ["missing", ".", "no/such/dir/file"])
def test_files_that_cannot_be_read_or_written_are_refused(run: Run, file: str) -> None:
    assert run("progress", "--import", file).returncode == 2
    if file != "missing":
        done = run("progress", "--export", file)
        assert done.returncode == 3
        assert "cannot be written" in done.stderr


def test_the_log_is_not_overwritten_by_an_export(run: Run, home: Path, tiny: Path) -> None:
    run("--course", tiny, "quiz", "tiny", input="b\n")
    assert run("progress", "--export", home / "attempts.sqlite").returncode == 2
    assert len(run("progress", "--export", "-").stdout.splitlines()) == 1


def test_options_that_exclude_each_other_are_refused(run: Run) -> None:
    assert run("progress", "--json", "--export", "-").returncode == 2


def test_a_log_from_a_newer_version_is_refused(run: Run, home: Path) -> None:
    run("quiz", "day4", input="b\n")
    connection = sqlite3.connect(home / "attempts.sqlite")
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    for args in (["progress"], [], ["hint", "day4-q1"], ["progress", "--export", "-"]):
        done = run(*args)
        assert done.returncode == 3
        assert "newer version" in done.stderr
