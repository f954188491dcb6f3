"""Reading results back, including those of interrupted runs."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from class_samples import exercise_result, quiz_result, write_results

from grader.classroom.read_results import read_results
from grader.errors import CourseError


def test_written_results_are_read_back(tmp_path: Path) -> None:
    results = [exercise_result("ann", [1, 0]), quiz_result("ann", {"tiny-q1": "a"})]
    out = write_results(tmp_path / "out", results)
    assert read_results(out).results == tuple(results)
    assert read_results(out / "results.jsonl") == read_results(out)


def test_the_later_line_counts(tmp_path: Path) -> None:
    out = write_results(tmp_path, [exercise_result("ann", [0]), exercise_result("ann", [1])])
    (result,) = read_results(out).results
    assert result.score == 1


def test_a_torn_last_line_is_skipped_and_reported(tmp_path: Path) -> None:
    out = write_results(tmp_path, [exercise_result("ann", [1]), exercise_result("bob", [1])])
    file = out / "results.jsonl"
    whole = file.read_bytes()
    for size in range(len(whole) - 1, len(whole) - 400, -37):
        file.write_bytes(whole[:size])
        reading = read_results(out)
        assert reading.results[0].learner == "ann"
        # the last line may be whole even without its line ending
        assert reading.torn == (size < len(whole) - 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "not a result"),
        (b'{"learner": 3}', "not a result"),
        (b"\xff", "not a result"),
        (b"[" * 100_000, "not a result"),
        (b'{"score": 5, "max_score": 1}', "not between 0 and 1"),
        (b'{"score": -1, "max_score": 1}', "not between 0 and 1"),
        (b'{"report": null}', "a report or answers, one of them"),
    ],
)
def test_an_invalid_line_is_named(tmp_path: Path, line: bytes, said: str) -> None:
    good = msgspec.to_builtins(exercise_result("ann", [1]))
    if line.startswith(b'{"') and b"learner" not in line:
        line = msgspec.json.encode(good | msgspec.json.decode(line))
    file = tmp_path / "results.jsonl"
    file.write_bytes(msgspec.json.encode(good) + b"\n\n" + line + b"\n")
    with pytest.raises(CourseError) as caught:
        read_results(tmp_path)
    assert f"{file}:3: " in str(caught.value)
    assert said in str(caught.value)


def test_the_first_invalid_line_is_named_and_the_others_are_counted(tmp_path: Path) -> None:
    out = write_results(tmp_path, [exercise_result("ann", [1])])
    file = out / "results.jsonl"
    whole = file.read_bytes()
    for others, said in ((0, None), (1, "1 other line is wrong"), (30, "30 other lines are wrong")):
        file.write_bytes(whole + b"no\n" * (others + 1))
        with pytest.raises(CourseError) as caught:
            read_results(out)
        (line,) = str(caught.value).splitlines()
        assert line.startswith(f"{file}:2: not a result")
        assert said in line if said else "other line" not in line


@pytest.mark.parametrize(
    "data", [b"a,b\n1,2\n", b"no", b'{\n  "package": "1"\n}\n', b'{"learner": 3}\n', b"PK\x03\xff"]
)
def test_any_other_file_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "other"
    file.write_bytes(data)
    with pytest.raises(CourseError) as caught:
        read_results(file)
    assert str(caught.value) == (
        f"{file} is not a results file — name the directory that `course grade` wrote, or its results.jsonl"
    )


def test_a_run_stopped_at_its_first_line_has_no_results(tmp_path: Path) -> None:
    out = write_results(tmp_path, [exercise_result("ann", [1])])
    file = out / "results.jsonl"
    whole = file.read_bytes()
    for size in (3, 12, 80):
        file.write_bytes(whole[:size])
        with pytest.raises(CourseError, match="holds no result"):
            read_results(out)


def test_a_missing_or_empty_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"there is no .*results\.jsonl — name the directory"):
        read_results(tmp_path)
    (tmp_path / "results.jsonl").write_text("\n")
    with pytest.raises(CourseError, match="holds no result"):
        read_results(tmp_path)
